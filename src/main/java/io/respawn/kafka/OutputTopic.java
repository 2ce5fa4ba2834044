package io.respawn.kafka;

import io.respawn.model.SidecarId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/** Makes sure that the topic for output is there: whoever sends to it cannot create it. */
final class OutputTopic {

    private static final Logger LOG = Logger.getLogger(OutputTopic.class);
    private static final int PARTITIONS = 16;
    private static final String DAY = Long.toString(24L * 60 * 60 * 1000);

    /** A sender whose clock is wrong must not have its records refused, nor deleted before their time. */
    private static final String BROKERS_CLOCK = "LogAppendTime";

    private final Clients clients;
    private final KafkaSettings settings;
    private final String name;

    OutputTopic(SidecarId id, KafkaSettings settings, String name) {
        this.clients = new Clients(id, settings.client());
        this.settings = settings;
        this.name = name;
    }

    /**
     * Looks for it and creates it, if it is not there and that is allowed. Takes some seconds without a broker.
     *
     * @throws KafkaException when it is not there afterwards, or when nobody answers
     */
    void ensure() {
        try (Admin admin = clients.admin()) {
            if (!isThere(admin)) {
                create(admin);
            }
        }
    }

    private boolean isThere(Admin admin) {
        try {
            Answers.await(admin.describeTopics(List.of(name)).allTopicNames());
            return true;
        } catch (UnknownTopicOrPartitionException missing) {
            LOG.debugf("Topic '%s' does not exist yet", name);
            return false;
        } catch (AuthorizationException hidden) {
            // Who may not look at it may yet be allowed to write to it.
            LOG.debugf("Cannot look at topic '%s': %s", name, hidden.getMessage());
            return true;
        }
    }

    private void create(Admin admin) {
        if (!settings.createTopics()) {
            throw new UnknownTopicOrPartitionException(
                    "there is no such topic; create it, or set " + KafkaSettings.PREFIX + "create-topics to true");
        }
        Optional<Short> replicas = settings.replicationFactor() == -1
                ? Optional.empty()
                : Optional.of((short) settings.replicationFactor());
        NewTopic topic = new NewTopic(name, Optional.of(PARTITIONS), replicas)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        DAY,
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        BROKERS_CLOCK));
        try {
            Answers.await(admin.createTopics(List.of(topic)).all());
            LOG.infof("Created topic '%s'", name);
        } catch (TopicExistsException raced) {
            LOG.debugf("Somebody else created topic '%s' at the same time", name);
        }
    }
}
