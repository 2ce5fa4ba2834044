package io.respawn.kafka;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jboss.logging.Logger;

/** Which settings of a topic would lose orders, outcomes or the state, or keep them from being written. */
final class TopicRules {

    /** A record of ours may be almost as long; it is what brokers have allowed by default for ever. */
    private static final long LEAST_MESSAGE_BYTES = 1_000_000;

    private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;
    private static final Logger LOG = Logger.getLogger(TopicRules.class);

    private final KafkaSettings.Topics topics;
    private final Set<String> warned = new HashSet<>();

    TopicRules(KafkaSettings.Topics topics) {
        this.topics = topics;
    }

    /**
     * Looks at what one topic is set to.
     *
     * @throws SessionException.Refused with the topic, the setting, its value and the remedy
     */
    void check(TopicDescription topic, Config config) {
        String name = topic.name();
        checkCleanup(name, value(config, TopicConfig.CLEANUP_POLICY_CONFIG));
        if (List.of(topics.state(), topics.events(), topics.deadLetters()).contains(name)) {
            checkInSync(topic, value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
            checkLength(name, value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        } else {
            lookAtRetention(name, Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG)));
        }
    }

    private void checkCleanup(String name, String policy) {
        boolean compacts = policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        boolean deletes = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE);
        if (name.equals(topics.state())) {
            if (deletes || !compacts) {
                throw refused(
                        name, TopicConfig.CLEANUP_POLICY_CONFIG, policy, "which would delete the state", "'compact'");
            }
        } else if (compacts) {
            throw refused(
                    name,
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    policy,
                    "which would keep only the last record of each sidecar",
                    "'delete'");
        }
    }

    private static void checkInSync(TopicDescription topic, String least) {
        int replicas = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (Integer.parseInt(least) > replicas) {
            throw refused(
                    topic.name(),
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    least,
                    "and with " + replicas + " replicas nothing can be written",
                    "at most " + replicas + ", or add replicas");
        }
    }

    private static void checkLength(String name, String longest) {
        if (Long.parseLong(longest) < LEAST_MESSAGE_BYTES) {
            throw refused(
                    name,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    longest,
                    "and long records could not be written",
                    "at least " + LEAST_MESSAGE_BYTES);
        }
    }

    private void lookAtRetention(String name, long millis) {
        if (millis >= 0 && millis < DAY_MILLIS && warned.add(name)) {
            LOG.warnf(
                    "The setting %s of topic '%s' is %d: orders that a sidecar does not read for so long are lost; a day"
                            + " or more is better",
                    TopicConfig.RETENTION_MS_CONFIG, name, millis);
        }
    }

    private static String value(Config config, String setting) {
        return config.get(setting).value();
    }

    private static SessionException.Refused refused(
            String topic, String setting, String value, String consequence, String remedy) {
        return new SessionException.Refused("Cannot use topic '" + topic + "': its " + setting + " is '" + value + "', "
                + consequence + "; set " + setting + " to " + remedy);
    }
}
