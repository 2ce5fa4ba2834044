package io.respawn.model;

import java.time.Duration;

/**
 * How often is looked at what services use.
 *
 * @param interval from one look to the next
 */
public record Sampling(Duration interval) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    public static final Sampling DEFAULT = new Sampling(Duration.ofSeconds(10));

    public Sampling {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "Cannot look every " + interval + " at what services use: 100ms to 1h are allowed");
        }
    }
}
