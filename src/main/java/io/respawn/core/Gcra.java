package io.respawn.core;

import io.respawn.model.Budget;
import java.time.Duration;
import java.time.Instant;

/**
 * The generic cell rate algorithm: a limiter whose whole state is one instant, the moment at which it has caught up with
 * its rate again.
 */
final class Gcra {

    private Gcra() {}

    /** When the next one may go. */
    static Instant allowedAt(Instant caughtUp, Budget budget) {
        return caughtUp.minus(budget.spacing().multipliedBy(budget.burst() - 1L));
    }

    /** The state after one went. */
    static Instant taken(Instant caughtUp, Instant now, Budget budget) {
        Duration spacing = budget.spacing();
        // However the clock was set meanwhile, nobody waits for longer than a whole burst.
        Instant latest = now.plus(spacing.multipliedBy(budget.burst()));
        Instant base = caughtUp.isBefore(now) ? now : caughtUp.isAfter(latest) ? latest : caughtUp;
        return base.plus(spacing);
    }
}
