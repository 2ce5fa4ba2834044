package io.respawn.model;

import java.time.Duration;

/**
 * How much memory an instance may use before it is restarted.
 *
 * @param bytes what all its processes may hold together
 * @param grace how long it may be above that, without a break
 * @param apart how long at least after such a restart the next one follows
 */
public record MemoryLimit(long bytes, Duration grace, Duration apart) {

    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);
    public static final Duration DEFAULT_APART = Duration.ofMinutes(10);

    private static final long SMALLEST = 1L << 20;
    private static final Duration SHORTEST_APART = Duration.ofSeconds(1);

    public MemoryLimit {
        if (bytes < SMALLEST) {
            throw new IllegalArgumentException("Cannot allow a service " + bytes
                    + " bytes of memory: at least 1MiB is expected, as any program needs more");
        }
        if (apart.compareTo(SHORTEST_APART) < 0) {
            throw new IllegalArgumentException("Cannot restart a service for its memory every " + apart
                    + ": at least 1s is expected, as one that needs more than its limit would never run");
        }
    }
}
