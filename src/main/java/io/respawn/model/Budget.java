package io.respawn.model;

import java.time.Duration;

/**
 * How many restarts are released over all services; crash restarts and ordered ones have this rate each.
 *
 * @param maxStarting how many instances may be between spawn and ready at the same time
 */
public record Budget(Rate rate, int maxStarting) {

    public static final Budget DEFAULT = new Budget(10, Duration.ofSeconds(10), 20, 8);

    public Budget {
        Rate.check("max-starting", maxStarting);
    }

    public Budget(int permits, Duration interval, int burst, int maxStarting) {
        this(new Rate(permits, interval, burst), maxStarting);
    }
}
