package io.respawn.core;

import io.respawn.model.Rate;
import java.time.Instant;

/**
 * The generic cell rate algorithm: a limiter whose whole state is one instant, the moment at which it has caught up with
 * its rate again.
 */
final class Gcra {

    private Gcra() {}

    /** When so many may go together; more than a burst go as one burst does. */
    static Instant allowedAt(Instant caughtUp, Instant now, Rate rate, int permits) {
        long spare = (long) rate.burst() - Math.min(permits, rate.burst());
        return bounded(caughtUp, now, rate).minus(rate.spacing().multipliedBy(spare));
    }

    /** The state after so many went. */
    static Instant taken(Instant caughtUp, Instant now, Rate rate, int permits) {
        Instant bounded = bounded(caughtUp, now, rate);
        Instant base = bounded.isBefore(now) ? now : bounded;
        return base.plus(rate.spacing().multipliedBy(Math.min(permits, rate.burst())));
    }

    /** However the clock was set meanwhile, nobody waits for longer than a whole burst. */
    private static Instant bounded(Instant caughtUp, Instant now, Rate rate) {
        Instant latest = now.plus(rate.spacing().multipliedBy(rate.burst()));
        return caughtUp.isAfter(latest) ? latest : caughtUp;
    }
}
