package io.respawn.model;

import java.time.Duration;

/**
 * How a service is asked to end.
 *
 * @param signal sent to the whole process group first
 * @param gracePeriod from the stop signal to SIGKILL
 */
public record StopPolicy(Signal signal, Duration gracePeriod) {

    public static final StopPolicy DEFAULT = new StopPolicy(Signal.TERM, Duration.ofSeconds(10));

    public StopPolicy {
        if (gracePeriod.isNegative()) {
            throw new IllegalArgumentException(
                    "Cannot use a grace period of " + gracePeriod + ": it must not be negative");
        }
    }
}
