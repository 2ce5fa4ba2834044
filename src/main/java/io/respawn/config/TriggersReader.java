package io.respawn.config;

import io.respawn.model.Cron;
import io.respawn.model.RespawnTriggers;
import io.respawn.model.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads when the sidecar loads itself anew without being told. */
final class TriggersReader {

    private static final Duration SHORTEST = Duration.ofSeconds(10);

    private TriggersReader() {}

    static RespawnTriggers read(RespawnConfig.Respawn raw, Mistakes mistakes) {
        String path = "respawn.respawn";
        Fields fields = new Fields(path, mistakes);
        RespawnTriggers base = RespawnTriggers.DEFAULT;
        Optional<Cron> schedule = raw.schedule().flatMap(text -> fields.read("schedule", text, Cron::new));
        OptionalInt percent = raw.heapThreshold()
                .flatMap(text -> fields.read("heap-threshold", text, TriggersReader::percent))
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
        Duration time =
                fields.read("heap-time", raw.heapTime(), Values::duration).orElse(base.heapTime());
        Duration apart = fields.read("min-interval", raw.minInterval(), TriggersReader::apart)
                .orElse(base.apart());
        return mistakes.attempt(path, () -> new RespawnTriggers(schedule, raw.timeZone(), percent, time, apart))
                .orElse(base);
    }

    private static int percent(String text) {
        String plain = text.strip();
        if (!plain.endsWith("%")) {
            throw new IllegalArgumentException(
                    "Cannot use '" + Text.shown(text) + "' as a share of the heap: write for example 90%");
        }
        return Values.integer(plain.substring(0, plain.length() - 1));
    }

    private static Duration apart(String text) {
        Duration apart = Values.duration(text);
        if (apart.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(text)
                    + "': at least 10s is expected, as a heap that fills at once would have it respawn for ever");
        }
        return apart;
    }
}
