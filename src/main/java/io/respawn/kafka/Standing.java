package io.respawn.kafka;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.supervise.EventSink;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** How the session stands with Kafka; tells the loop and the log about changes, and about nothing else. Thread-safe. */
final class Standing {

    private static final Logger LOG = Logger.getLogger(Standing.class);

    private final EventSink sink;
    private final Queue<Event> untold = new ConcurrentLinkedQueue<>();
    private final AtomicInteger telling = new AtomicInteger();
    // Read without the lock, by the loop too.
    private volatile KafkaStatus status = KafkaStatus.CONNECTING;
    private String detail = "";
    private boolean told;
    private long attempt;

    Standing(EventSink sink) {
        this.sink = sink;
    }

    KafkaStatus status() {
        return status;
    }

    /** Takes on a status; FENCED is for ever. */
    void become(KafkaStatus next, String words) {
        change(next, words);
        tell();
    }

    private synchronized void change(KafkaStatus next, String words) {
        if (status == KafkaStatus.FENCED || (told && status == next && detail.equals(words))) {
            return;
        }
        if (!told || status != next) {
            LOG.infof("Kafka is %s: %s", next, words);
        }
        told = true;
        status = next;
        detail = words;
        untold.add(new Event.KafkaChanged(next, words));
    }

    /** In the order of the changes, by one thread at a time, and without the lock: whoever listens may take its time. */
    private void tell() {
        if (telling.getAndIncrement() > 0) {
            return;
        }
        int seen;
        try {
            do {
                seen = telling.get();
                for (Event next = untold.poll(); next != null; next = untold.poll()) {
                    sink.accept(next);
                }
            } while (!telling.compareAndSet(seen, 0));
        } catch (RuntimeException | Error failed) {
            // Whoever comes next shall not believe that somebody still tells.
            telling.set(0);
            throw failed;
        }
    }

    /** Something failed: whoever was live is degraded, whoever was not yet keeps waiting, with the new words. */
    void trouble(String words) {
        worsen(words);
        tell();
    }

    private synchronized void worsen(String words) {
        if (!detail.equals(words)) {
            LOG.warn(words);
        }
        switch (status) {
            case LIVE, DEGRADED -> change(KafkaStatus.DEGRADED, words);
            case CONNECTING, RESTORING -> change(status, words);
            case FENCED, OFF -> LOG.debugf("No longer of interest: %s", words);
        }
    }

    /** A person must change something: that is no longer a matter of waiting, whatever there was before. */
    void refuse(String words) {
        synchronized (this) {
            if (!detail.equals(words)) {
                LOG.warn(words);
            }
            change(KafkaStatus.DEGRADED, words);
        }
        tell();
    }

    /** An attempt begins; unless it is over within the limit, that is trouble, though the caller may be blocked. */
    synchronized Watch watch(Duration limit, String words) {
        long mine = ++attempt;
        CompletableFuture<Boolean> late =
                new CompletableFuture<Boolean>().completeOnTimeout(true, limit.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> report = late.thenAccept(isLate -> {
            if (isLate) {
                troubleIf(mine, words);
            }
        });
        return new Watch(this, late, report);
    }

    private void troubleIf(long mine, String words) {
        synchronized (this) {
            if (attempt == mine) {
                worsen(words);
            }
        }
        tell();
    }

    private synchronized void over() {
        attempt++;
    }

    /** Watches one attempt. */
    record Watch(Standing standing, CompletableFuture<Boolean> late, CompletableFuture<Void> report) {
        void end() {
            standing.over();
            late.complete(false);
        }
    }
}
