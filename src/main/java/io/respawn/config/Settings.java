package io.respawn.config;

import io.respawn.model.RespawnTriggers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is configured beside the plan; HTTP and management addresses are the framework's own keys.
 *
 * @param file the configuration file that was read
 * @param stateDirectory where the local journal is kept, when it was said
 * @param firstPosition where the very first start begins to read commands
 * @param createTopics whether missing topics are created
 * @param restoreWait how long a start without local state waits for Kafka
 * @param heartbeat how often the ledger is written and the topics are looked after when nothing else happens
 * @param shutdownTimeout how long leaving may take altogether
 * @param kafka all client keys without their prefix {@code kafka.}; the values may be secrets and are never shown
 * @param triggers when the sidecar loads itself anew without being told
 */
public record Settings(
        Optional<Path> file,
        Optional<Path> stateDirectory,
        FirstPosition firstPosition,
        int statePartitions,
        boolean createTopics,
        Duration restoreWait,
        Duration heartbeat,
        Duration shutdownTimeout,
        LogFormat logFormat,
        Map<String, String> kafka,
        RespawnTriggers triggers) {

    /** Where the very first start begins to read commands. */
    public enum FirstPosition {
        LATEST,
        EARLIEST
    }

    /** How the sidecar's own log is written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    public Settings {
        kafka = Map.copyOf(kafka);
    }

    /** The brokers; Kafka is off when there are none. */
    public Optional<String> bootstrapServers() {
        return Optional.ofNullable(kafka.get("bootstrap.servers"));
    }

    /** Leaves the values of Kafka's keys out: they may be secrets. */
    @Override
    public String toString() {
        return "Settings[file=" + file + ", stateDirectory=" + stateDirectory + ", firstPosition=" + firstPosition
                + ", statePartitions=" + statePartitions + ", createTopics=" + createTopics + ", restoreWait="
                + restoreWait + ", heartbeat=" + heartbeat
                + ", shutdownTimeout=" + shutdownTimeout + ", logFormat=" + logFormat + ", kafka="
                + new TreeMap<>(kafka).keySet() + ", triggers=" + triggers + "]";
    }
}
