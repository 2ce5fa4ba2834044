package io.respawn.model;

import java.time.Duration;

/**
 * Something that is done once at a turn of a process's life.
 *
 * @param action what is done; it goes well when a probe that did the same would say yes
 * @param timeout how long it may take
 */
public record Hook(Probe.Check action, Duration timeout) {

    /** The longest that one may take. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final Duration SHORTEST = Duration.ofMillis(10);

    public Hook {
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Cannot give a hook " + timeout + ": 10ms to 24h are allowed");
        }
    }
}
