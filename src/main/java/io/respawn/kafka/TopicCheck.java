package io.respawn.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/** Makes sure that the topics are there and are such that nothing gets lost in them. */
final class TopicCheck {

    private static final Logger LOG = Logger.getLogger(TopicCheck.class);
    private static final int PARTITIONS = 16;
    private static final String WEEK = Long.toString(7L * 24 * 60 * 60 * 1000);
    private static final String HOUR = Long.toString(60L * 60 * 1000);

    /** A sender whose clock is wrong must not have its records refused, nor deleted before their time. */
    private static final String BROKERS_CLOCK = "LogAppendTime";

    private final KafkaSettings settings;
    private final KafkaSettings.Topics topics;
    private final TopicRules rules;

    TopicCheck(KafkaSettings settings) {
        this.settings = settings;
        this.topics = settings.topics();
        this.rules = new TopicRules(settings.topics());
    }

    /**
     * Creates what is missing, if that is allowed, and looks at what is there.
     *
     * @throws SessionException.Refused when a person must change a topic or a setting
     */
    Layout check(Admin admin) {
        Map<String, NewTopic> wanted = wanted();
        Map<String, TopicDescription> found = describe(admin, wanted.keySet());
        List<NewTopic> missing = new ArrayList<>(wanted.values());
        missing.removeIf(topic -> found.containsKey(topic.name()));
        if (!missing.isEmpty()) {
            create(admin, missing);
            found.putAll(describe(admin, missing.stream().map(NewTopic::name).toList()));
        }
        wanted.keySet().stream()
                .filter(name -> !found.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new UnknownTopicOrPartitionException(
                            "Cannot see topic '" + name + "' yet, though it was created");
                });
        checkStatePartitions(found);
        checkSettings(admin, found);
        Map<String, Integer> commands = new HashMap<>();
        for (String topic : List.of(topics.commands(), topics.broadcast())) {
            commands.put(topic, partitions(found, topic));
        }
        Map<String, String> ids = new HashMap<>();
        found.forEach((name, topic) -> {
            if (List.of(topics.commands(), topics.broadcast(), topics.state()).contains(name)) {
                ids.put(name, topic.topicId().toString());
            }
        });
        return new Layout(commands, ids);
    }

    private Map<String, NewTopic> wanted() {
        Map<String, String> week = Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                WEEK,
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                BROKERS_CLOCK);
        // The active segment is never compacted, so segments are short: a restore reads what is not compacted yet.
        Map<String, String> state = Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.SEGMENT_MS_CONFIG,
                HOUR,
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(64 * 1024 * 1024),
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                "0.1",
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                HOUR,
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                BROKERS_CLOCK);
        Map<String, NewTopic> all = new LinkedHashMap<>();
        for (NewTopic topic : List.of(
                topic(topics.commands(), PARTITIONS, week),
                topic(topics.broadcast(), 1, week),
                topic(topics.state(), settings.statePartitions(), state),
                topic(topics.events(), PARTITIONS, week),
                topic(topics.deadLetters(), 1, week))) {
            all.put(topic.name(), topic);
        }
        return all;
    }

    private NewTopic topic(String name, int partitions, Map<String, String> config) {
        Optional<Short> replicas = settings.replicationFactor() == -1
                ? Optional.empty()
                : Optional.of((short) settings.replicationFactor());
        return new NewTopic(name, Optional.of(partitions), replicas).configs(config);
    }

    private static Map<String, TopicDescription> describe(Admin admin, Collection<String> names) {
        Map<String, TopicDescription> found = new HashMap<>();
        Map<String, KafkaFuture<TopicDescription>> asked =
                admin.describeTopics(names).topicNameValues();
        asked.forEach((name, answer) -> {
            try {
                found.put(name, Answers.await(answer));
            } catch (UnknownTopicOrPartitionException e) {
                LOG.debugf("Topic '%s' does not exist yet", name);
            }
        });
        return found;
    }

    private void create(Admin admin, List<NewTopic> missing) {
        if (!settings.createTopics()) {
            throw new SessionException.Refused(
                    "Cannot find topic '" + missing.getFirst().name() + "': create it, or set " + KafkaSettings.PREFIX
                            + "create-topics to true");
        }
        admin.createTopics(missing).values().forEach((name, answer) -> {
            try {
                Answers.await(answer);
                LOG.infof("Created topic '%s'", name);
            } catch (TopicExistsException e) {
                LOG.debugf("Somebody else created topic '%s' at the same time", name);
            } catch (AuthorizationException e) {
                throw new SessionException.Refused("Cannot create topic '" + name
                        + "', the brokers forbid it: create it, or allow it (" + e.getMessage() + ")");
            }
        });
    }

    private void checkStatePartitions(Map<String, TopicDescription> found) {
        String name = topics.state();
        int partitions = partitions(found, name);
        if (partitions < settings.statePartitions()) {
            throw new SessionException.Refused("Cannot use topic '" + name + "' for the state: it has " + partitions
                    + " partitions, and " + KafkaSettings.PREFIX + "state-partitions is " + settings.statePartitions()
                    + "; add partitions, or lower the setting in all sidecars alike");
        }
    }

    private void checkSettings(Admin admin, Map<String, TopicDescription> found) {
        Map<ConfigResource, TopicDescription> resources = found.values().stream()
                .collect(Collectors.toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), topic -> topic));
        try {
            Map<ConfigResource, Config> configs =
                    Answers.await(admin.describeConfigs(resources.keySet()).all());
            resources.forEach((resource, topic) -> {
                Config config = configs.get(resource);
                if (config == null) {
                    throw new KafkaException("Cannot check the settings of " + resource + ": the brokers left it out");
                }
                rules.check(topic, config);
            });
        } catch (AuthorizationException e) {
            LOG.warnf(
                    "Cannot check the settings of the topics, the brokers forbid it: cleanup.policy of '%s' must be"
                            + " 'compact' alone, that of the others 'delete'",
                    topics.state());
        }
    }

    private static int partitions(Map<String, TopicDescription> found, String topic) {
        TopicDescription description = found.get(topic);
        return description == null ? 0 : description.partitions().size();
    }
}
