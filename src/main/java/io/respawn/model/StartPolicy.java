package io.respawn.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How a service comes up.
 *
 * @param timeout from spawn to ready
 * @param notifies whether it says by the notify socket how it is; until it has said that it is up it is not ready
 * @param watchdog the longest silence at that socket once it is up; only with {@code notifies}
 * @param readyLine the line of its output by which it says that it is up; not with {@code notifies}
 */
public record StartPolicy(
        Duration timeout, boolean notifies, Optional<Duration> watchdog, Optional<ReadyLine> readyLine) {

    public static final StartPolicy DEFAULT = new StartPolicy(Duration.ofSeconds(30));

    private static final Duration SHORTEST_WATCHDOG = Duration.ofMillis(100);

    public StartPolicy {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("Cannot use start timeout " + timeout + ": it must be positive");
        }
        if (watchdog.filter(silence -> silence.compareTo(SHORTEST_WATCHDOG) < 0).isPresent()) {
            throw new IllegalArgumentException(
                    "Cannot use watchdog " + watchdog.get() + ": it must be at least " + SHORTEST_WATCHDOG);
        }
        if (watchdog.isPresent() && !notifies) {
            throw new IllegalArgumentException("Cannot use a watchdog without the notify socket");
        }
        if (readyLine.isPresent() && notifies) {
            throw new IllegalArgumentException("Cannot wait for the notify socket and for a line of output");
        }
    }

    /** Comes up without saying so. */
    public StartPolicy(Duration timeout) {
        this(timeout, false, Optional.empty(), Optional.empty());
    }

    /** Whether it says itself that it is up, and is waited for until it has. */
    public boolean isAnnounced() {
        return notifies || readyLine.isPresent();
    }
}
