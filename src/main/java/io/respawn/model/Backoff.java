package io.respawn.model;

import java.time.Duration;

/**
 * How the delay before a crash restart grows.
 *
 * @param delay before the first restart
 * @param factor by which each further delay grows, at least 1
 * @param limit the longest delay before jitter
 * @param jitter share of the delay that is added at random, 0 to 1
 * @param resetAfter a run of at least this length counts as stable: the next delay is the first again
 */
public record Backoff(Duration delay, double factor, Duration limit, double jitter, Duration resetAfter) {

    public static final Backoff DEFAULT =
            new Backoff(Duration.ofMillis(500), 2.0, Duration.ofSeconds(30), 0.1, Duration.ofSeconds(30));

    public Backoff {
        if (delay.isNegative() || limit.isNegative() || resetAfter.isNegative()) {
            throw new IllegalArgumentException("Cannot use a negative duration in a backoff");
        }
        if (delay.compareTo(limit) > 0) {
            throw new IllegalArgumentException("Cannot use a delay of " + delay + " with a limit of " + limit
                    + ": raise the limit or lower the delay");
        }
        if (!(factor >= 1.0 && factor <= 100.0)) {
            throw new IllegalArgumentException("Cannot use factor " + factor + ": 1 to 100 are allowed");
        }
        if (!(jitter >= 0.0 && jitter <= 1.0)) {
            throw new IllegalArgumentException("Cannot use jitter " + jitter + ": 0 to 1 are allowed");
        }
    }
}
