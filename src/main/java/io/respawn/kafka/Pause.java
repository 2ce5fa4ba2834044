package io.respawn.kafka;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Growing waits between attempts, with jitter so that a fleet does not knock in step. Not thread-safe. */
final class Pause {

    private final Duration first;
    private final Duration limit;
    private Duration next;

    Pause(Duration first, Duration limit) {
        this.first = first;
        this.limit = limit;
        this.next = first;
    }

    /** {@return half to all of the next wait, which then doubles up to the limit} */
    Duration next() {
        long nanos = next.toNanos();
        next = next.multipliedBy(2).compareTo(limit) > 0 ? limit : next.multipliedBy(2);
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1));
    }

    void reset() {
        next = first;
    }
}
