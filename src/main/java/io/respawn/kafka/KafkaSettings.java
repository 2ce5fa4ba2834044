package io.respawn.kafka;

import java.time.Duration;
import java.util.Map;

/**
 * How Kafka is used.
 *
 * @param client all client properties of the user, passed on to every client
 * @param topics names of the topics
 * @param statePartitions how many partitions of the state topic are used; recorded keys move when it changes
 * @param firstPosition where commands are read from when nothing is known yet
 * @param createTopics whether topics that do not exist are created
 * @param replicationFactor of created topics; -1 leaves it to the broker
 * @param heartbeat how often the ledger is written and the topics are looked after when nothing else happens
 */
public record KafkaSettings(
        Map<String, Object> client,
        Topics topics,
        int statePartitions,
        FirstPosition firstPosition,
        boolean createTopics,
        int replicationFactor,
        Duration heartbeat) {

    static final String PREFIX = "respawn.";

    /** Where a sidecar without a ledger begins to read commands. */
    public enum FirstPosition {
        /** Commands from the first claim on. */
        LATEST,
        /** All commands that the topic still has. */
        EARLIEST
    }

    /** Names of the five topics. */
    public record Topics(String commands, String broadcast, String state, String events, String deadLetters) {

        /** The names that everybody knows. */
        public static final Topics DEFAULT = new Topics(
                "respawn.commands",
                "respawn.commands.broadcast",
                "respawn.state",
                "respawn.events",
                "respawn.dead-letters");
    }

    public KafkaSettings {
        client = Map.copyOf(client);
        if (statePartitions < 1 || statePartitions > 10_000) {
            throw new IllegalArgumentException(
                    "Cannot use " + statePartitions + " as " + PREFIX + "state-partitions: 1 to 10000 are allowed");
        }
        if (replicationFactor != -1 && (replicationFactor < 1 || replicationFactor > 100)) {
            throw new IllegalArgumentException("Cannot use " + replicationFactor + " as " + PREFIX
                    + "replication-factor: 1 to 100 are allowed, or -1 for the broker's default");
        }
    }

    /** The defaults. */
    public static KafkaSettings of(Map<String, Object> client) {
        return new KafkaSettings(client, Topics.DEFAULT, 16, FirstPosition.LATEST, true, -1, Duration.ofMinutes(5));
    }

    /** Leaves the client properties out: they hold passwords. */
    @Override
    public String toString() {
        return "KafkaSettings[topics=" + topics + ", statePartitions=" + statePartitions + ", firstPosition="
                + firstPosition + ", createTopics=" + createTopics + ", replicationFactor=" + replicationFactor
                + ", heartbeat=" + heartbeat
                + "]";
    }
}
