package io.respawn.model;

import java.time.Duration;

/**
 * How many restarts are released over all services; crash restarts and ordered ones have a budget of this size each.
 *
 * @param permits released per interval in the long run
 * @param burst how many may go at once after a calm time
 * @param maxStarting how many instances may be between spawn and ready at the same time
 */
public record Budget(int permits, Duration interval, int burst, int maxStarting) {

    public static final Budget DEFAULT = new Budget(10, Duration.ofSeconds(10), 20, 8);

    private static final int MOST = 100_000;

    public Budget {
        check("permits", permits);
        check("burst", burst);
        check("max-starting", maxStarting);
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("Cannot use interval " + interval + ": it must be positive");
        }
    }

    private static void check(String what, int value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException("Cannot use " + value + " " + what + ": 1 to " + MOST + " are allowed");
        }
    }

    /** The time that one permit stands for. */
    public Duration spacing() {
        return interval.dividedBy(permits);
    }
}
