package io.respawn.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/** Growing waits between attempts, with jitter so that a fleet does not knock in step. Not thread-safe. */
final class Pause {

    private static final Logger LOG = Logger.getLogger(Pause.class);

    private final Duration first;
    private final Duration limit;
    private Duration next;

    Pause(Duration first, Duration limit) {
        this.first = first;
        this.limit = limit;
        this.next = first;
    }

    /** Waits half to all of the next wait, which then doubles up to the limit; ends at once when it is time to close. */
    void rest(CountDownLatch closing) {
        long nanos = next.toNanos();
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(limit) > 0 ? limit : doubled;
        long chosen = ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1);
        try {
            boolean isClosing = closing.await(chosen, TimeUnit.NANOSECONDS);
            LOG.tracef("Rested (closing: %s)", isClosing);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    void reset() {
        next = first;
    }
}
