package io.respawn.core;

import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.MemoryLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long an instance has been above the memory that it may use, and when it was last ordered to be restarted for that.
 *
 * <p>A process that was replaced begins anew. The time between two orders goes on over all of them, so that a limit that is
 * too low for the service at all leads to a restart now and then, and not to one after the other.
 *
 * @param incarnation of the process that was looked at last
 * @param since when it was first seen above the limit, and never below it since
 * @param ordered when the last restart was ordered
 * @param orders how many were for this incarnation
 */
public record MemoryPressure(long incarnation, Optional<Instant> since, Optional<Instant> ordered, int orders) {

    public static final MemoryPressure DEFAULT = new MemoryPressure(0, Optional.empty(), Optional.empty(), 0);

    private static final String SOURCE = "memory";
    private static final double MEBIBYTE = 1L << 20;

    /** Takes a look into account; one at a process that was replaced already changes nothing. */
    public MemoryPressure seen(long of, long bytes, MemoryLimit limit, Instant at) {
        if (of < incarnation) {
            return this;
        }
        boolean same = of == incarnation;
        Optional<Instant> begun = same ? since : Optional.empty();
        Optional<Instant> above = bytes > limit.bytes() ? begun.or(() -> Optional.of(at)) : Optional.empty();
        return new MemoryPressure(of, above, ordered, same ? orders : 0);
    }

    /** There is no limit any more. */
    public MemoryPressure released() {
        return new MemoryPressure(incarnation, Optional.empty(), ordered, orders);
    }

    /** Whether a restart is due now. */
    public boolean isDue(MemoryLimit limit, Instant now) {
        return since.filter(begun -> !begun.plus(limit.grace()).isAfter(now)).isPresent()
                && ordered.filter(last -> last.plus(limit.apart()).isAfter(now)).isEmpty();
    }

    /** It was ordered now. */
    public MemoryPressure ordered(Instant now) {
        return new MemoryPressure(incarnation, since, Optional.of(now), orders + 1);
    }

    /**
     * The order. Its id is made of the process that it is about, so whoever looks at the same one again, such as the next
     * image of the sidecar, orders nothing else; a number is added if it came to nothing, and the process is still there.
     */
    public Command order(InstanceId instance, long bytes, MemoryLimit limit, Instant now) {
        String id = SOURCE + "/" + instance + "/" + incarnation + (orders == 0 ? "" : "/" + (orders + 1));
        Duration above = since.map(begun -> Duration.between(begun, now)).orElse(Duration.ZERO);
        String reason = "uses " + mebibytes(bytes) + " of memory, for " + above.toSeconds() + " s above its limit of "
                + mebibytes(limit.bytes());
        return Command.about(new IntentId(id), SOURCE, Action.RESTART, instance, incarnation, reason);
    }

    private static String mebibytes(long bytes) {
        long tenths = Math.round(bytes / MEBIBYTE * 10);
        return tenths / 10 + "." + tenths % 10 + " MiB";
    }
}
