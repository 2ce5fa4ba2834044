package io.respawn.config;

import io.respawn.model.MemoryLimit;
import io.respawn.model.Sampling;
import java.time.Duration;
import java.util.Optional;

/** Reads what services may use, and how often is looked at it. Each value is checked alone, so that its own path is blamed. */
final class ResourcesReader {

    private static final String MAX_MEMORY = "max-memory";
    private static final long ANY = 1L << 30;

    private ResourcesReader() {}

    static Sampling sampling(RespawnConfig.Resources raw, Mistakes mistakes) {
        return new Fields("respawn.resources", mistakes)
                .read("interval", raw.interval(), text -> new Sampling(Values.duration(text)))
                .orElse(Sampling.DEFAULT);
    }

    /** The limit of a service; {@code path} is where its resources stand. */
    static Optional<MemoryLimit> memory(String path, ResourcesConfig raw, Mistakes mistakes) {
        if (raw.maxMemory().isEmpty()) {
            mistakes.add(
                    Paths.join(path, MAX_MEMORY),
                    "Cannot tell how much memory it may use: give a size such as 512MiB, or remove the other keys");
            return Optional.empty();
        }
        Fields fields = new Fields(path, mistakes);
        Optional<Long> bytes = fields.read(
                MAX_MEMORY,
                raw.maxMemory().get(),
                text -> with(Values.size(text), MemoryLimit.DEFAULT_APART).bytes());
        Duration grace = fields.read("max-memory-grace", raw.maxMemoryGrace(), Values::duration)
                .orElse(MemoryLimit.DEFAULT_GRACE);
        Duration apart = fields.read(
                        "max-memory-interval",
                        raw.maxMemoryInterval(),
                        text -> with(ANY, Values.duration(text)).apart())
                .orElse(MemoryLimit.DEFAULT_APART);
        return bytes.map(limit -> new MemoryLimit(limit, grace, apart));
    }

    /** Refuses what the vocabulary refuses. */
    private static MemoryLimit with(long bytes, Duration apart) {
        return new MemoryLimit(bytes, MemoryLimit.DEFAULT_GRACE, apart);
    }
}
