package io.respawn.model;

import java.time.Duration;
import java.util.Optional;

/**
 * When a service that ends again and again is given up.
 *
 * @param count ends that are allowed within the interval, at least 1; all of them count, however long the process ran
 * @param retryAfter when it is tried again by itself; never when empty
 */
public record RestartLimit(int count, Duration interval, Optional<Duration> retryAfter) {

    public RestartLimit {
        if (count < 1 || count > 1000) {
            throw new IllegalArgumentException("Cannot use a limit of " + count + ": 1 to 1000 are allowed");
        }
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("Cannot use interval " + interval + ": it must be positive");
        }
        if (retryAfter.filter(after -> after.isNegative() || after.isZero()).isPresent()) {
            throw new IllegalArgumentException(
                    "Cannot try again after " + retryAfter.get() + ": it must be positive, or left out");
        }
    }
}
