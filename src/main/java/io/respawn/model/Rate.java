package io.respawn.model;

import java.time.Duration;

/**
 * How often something may happen.
 *
 * @param permits given per interval in the long run
 * @param burst how many may be taken at once after a calm time
 */
public record Rate(int permits, Duration interval, int burst) {

    private static final int MOST = 100_000;

    public Rate {
        check("permits", permits);
        check("burst", burst);
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("Cannot use interval " + interval + ": it must be positive");
        }
    }

    static void check(String what, int value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException("Cannot use " + value + " " + what + ": 1 to " + MOST + " are allowed");
        }
    }

    /** The time that one permit stands for. */
    public Duration spacing() {
        return interval.dividedBy(permits);
    }
}
