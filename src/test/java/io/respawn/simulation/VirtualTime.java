package io.respawn.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that jumps from one happening to the next. */
final class VirtualTime {

    private record Happening(Instant at, long ordinal, Runnable action) {}

    private final PriorityQueue<Happening> happenings =
            new PriorityQueue<>(Comparator.comparing(Happening::at).thenComparingLong(Happening::ordinal));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long ordinal;

    Instant now() {
        return now;
    }

    void in(Duration delay, Runnable action) {
        at(now.plus(delay), action);
    }

    void at(Instant instant, Runnable action) {
        happenings.add(new Happening(instant.isBefore(now) ? now : instant, ordinal++, action));
    }

    /** Lets the next thing happen; false when nothing is left before the horizon. */
    boolean next(Instant horizon) {
        Happening next = happenings.peek();
        if (next == null || next.at().isAfter(horizon)) {
            return false;
        }
        happenings.remove();
        now = next.at();
        next.action().run();
        return true;
    }
}
