package io.respawn.config;

import io.respawn.config.Settings.FirstPosition;
import io.respawn.config.Settings.LogFormat;
import io.respawn.model.Text;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads what is configured beside the services. */
final class SettingsReader {

    private SettingsReader() {}

    /** The settings; to be used only when no mistake was found. */
    static Settings read(Optional<Path> file, RespawnConfig raw, Map<String, String> kafka, Mistakes mistakes) {
        Fields fields = new Fields("respawn", mistakes);
        return new Settings(
                file,
                raw.stateDirectory()
                        .filter(text -> !text.isBlank())
                        .flatMap(text -> fields.read("state-directory", text, SettingsReader::absolute)),
                fields.read("first-position", raw.firstPosition(), text -> Values.word(text, FirstPosition.class))
                        .orElse(FirstPosition.LATEST),
                fields.read("state-partitions", raw.statePartitions(), SettingsReader::partitions)
                        .orElse(1),
                fields.read("create-topics", raw.createTopics(), Values::truth).orElse(true),
                new Fields("respawn.kafka", mistakes)
                        .read("restore-wait", raw.kafka().restoreWait(), Values::duration)
                        .orElse(Duration.ZERO),
                new Fields("respawn.kafka", mistakes)
                        .read("heartbeat", raw.kafka().heartbeat(), SettingsReader::deadline)
                        .orElse(Duration.ZERO),
                fields.read("shutdown-timeout", raw.shutdownTimeout(), SettingsReader::deadline)
                        .orElse(Duration.ZERO),
                new Fields("respawn.log", mistakes)
                        .read("format", raw.log().format(), text -> Values.word(text, LogFormat.class))
                        .orElse(LogFormat.TEXT),
                kafka,
                TriggersReader.read(raw.respawn(), mistakes));
    }

    private static Path absolute(String text) {
        try {
            Path path = Path.of(text.strip());
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "Cannot use '" + Text.shown(text) + "' as a directory: " + e.getReason(), e);
        }
        throw new IllegalArgumentException(
                "Cannot use '" + Text.shown(text) + "': an absolute path is expected, such as /run/respawn/shop");
    }

    private static int partitions(String text) {
        int count = Values.integer(text);
        if (count < 1 || count > 1000) {
            throw new IllegalArgumentException("Cannot use " + count + " partitions: 1 to 1000 are allowed");
        }
        return count;
    }

    private static Duration deadline(String text) {
        Duration duration = Values.duration(text);
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(text) + "': at least 1s is expected");
        }
        return duration;
    }
}
