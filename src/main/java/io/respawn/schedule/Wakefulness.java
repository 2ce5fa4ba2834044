package io.respawn.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides when to look at the state again: when something is due, when the clock on the wall has jumped, and now and then in
 * any case, since processes come and go. In between only the clock is looked at, which costs nothing.
 */
final class Wakefulness {

    /** A clock that is set is noticed within this. */
    static final Duration LONGEST_NAP = Duration.ofSeconds(5);

    private static final Duration SHORTEST_NAP = Duration.ofMillis(10);

    /** Clocks are trimmed all the time; that is no jump. */
    private static final Duration JUMP = Duration.ofSeconds(1);

    private Optional<Looked> last = Optional.empty();

    private record Looked(Instant at, long nanos, Optional<Instant> next, Duration patience) {}

    /** {@code nanos} is a time that does not jump, as of {@link System#nanoTime}. */
    boolean isTimeToLook(Instant now, long nanos) {
        return last.map(look -> {
                    Duration passed = Duration.ofNanos(nanos - look.nanos());
                    Duration shown = Duration.between(look.at(), now);
                    boolean due = look.next().filter(next -> !next.isAfter(now)).isPresent();
                    boolean jumped = shown.minus(passed).abs().compareTo(JUMP) > 0;
                    return due || jumped || passed.compareTo(look.patience()) >= 0;
                })
                .orElse(true);
    }

    /** It was looked; {@code patience} is for how long at most it need not be again. */
    void looked(Instant now, long nanos, Optional<Instant> next, Duration patience) {
        last = Optional.of(new Looked(now, nanos, next, patience));
    }

    /** Something has happened: it is time. */
    void disturb() {
        last = Optional.empty();
    }

    /** For how long there is nothing to do, at the most. */
    Duration nap(Instant now) {
        if (last.isEmpty()) {
            return SHORTEST_NAP;
        }
        Looked look = last.get();
        Duration due = look.next().map(next -> Duration.between(now, next)).orElse(LONGEST_NAP);
        Duration nap = shorter(LONGEST_NAP, shorter(look.patience(), due));
        return nap.compareTo(SHORTEST_NAP) < 0 ? SHORTEST_NAP : nap;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
