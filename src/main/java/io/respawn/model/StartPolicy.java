package io.respawn.model;

import java.time.Duration;

/**
 * How a service comes up.
 *
 * @param timeout from spawn to ready
 */
public record StartPolicy(Duration timeout) {

    public static final StartPolicy DEFAULT = new StartPolicy(Duration.ofSeconds(30));

    public StartPolicy {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("Cannot use start timeout " + timeout + ": it must be positive");
        }
    }
}
