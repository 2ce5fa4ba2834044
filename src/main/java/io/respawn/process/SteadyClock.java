package io.respawn.process;

import io.respawn.core.Stamp;
import io.respawn.linux.BootClock;
import io.respawn.supervise.Clock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;

/**
 * Tells a time that does not jump while the machine is up: the wall clock is looked at once, the boot clock counts on.
 *
 * <p>The {@link #anchor} is the moment at which the boot clock stood at zero. A restart on the same boot that is given the
 * anchor of its predecessor continues the same time, so deadlines keep their meaning even if the wall clock was corrected
 * in between.
 */
public final class SteadyClock implements Clock, InstantSource {

    private final Instant anchor;

    /** Several threads may stamp, and a splittable generator belongs to one. */
    private final ThreadLocal<SplittableRandom> entropy;

    /** Looks at the wall clock now. */
    public SteadyClock() {
        this(Instant.now().minusNanos(BootClock.nanos()));
    }

    /** Continues the time of an earlier clock of the same boot. */
    public SteadyClock(Instant anchor) {
        this(anchor, new SecureRandom().nextLong());
    }

    /** The same with a chosen seed for the randomness. */
    SteadyClock(Instant anchor, long seed) {
        this.anchor = anchor;
        var root = new SplittableRandom(seed);
        this.entropy = ThreadLocal.withInitial(() -> {
            synchronized (root) {
                return root.split();
            }
        });
    }

    @Override
    public Stamp stamp() {
        return new Stamp(instant(), entropy.get().nextLong());
    }

    @Override
    public Instant instant() {
        return anchor.plusNanos(BootClock.nanos());
    }

    /** When the boot clock stood at zero, by this clock. */
    public Instant anchor() {
        return anchor;
    }

    /** The reading of the boot clock at this moment; limited to what fits, some 290 years either way. */
    long bootNanos(Instant moment) {
        try {
            return Duration.between(anchor, moment).toNanos();
        } catch (ArithmeticException tooFar) {
            return moment.isAfter(anchor) ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
    }
}
