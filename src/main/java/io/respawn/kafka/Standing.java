package io.respawn.kafka;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.supervise.EventSink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** How the session stands with Kafka; tells the loop and the log about changes, and about nothing else. Thread-safe. */
final class Standing {

    private static final Logger LOG = Logger.getLogger(Standing.class);

    private final EventSink sink;
    // Read without the lock: the loop asks for it, and the lock is held while the log and the loop's queue are written.
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
    synchronized void become(KafkaStatus next, String words) {
        if (status == KafkaStatus.FENCED || (told && status == next && detail.equals(words))) {
            return;
        }
        if (!told || status != next) {
            LOG.infof("Kafka is %s: %s", next, words);
        }
        told = true;
        status = next;
        detail = words;
        sink.accept(new Event.KafkaChanged(next, words));
    }

    /** Something failed: whoever was live is degraded, whoever was not yet keeps waiting, with the new words. */
    synchronized void trouble(String words) {
        if (!detail.equals(words)) {
            LOG.warn(words);
        }
        switch (status) {
            case LIVE, DEGRADED -> become(KafkaStatus.DEGRADED, words);
            case CONNECTING, RESTORING -> become(status, words);
            case FENCED, OFF -> LOG.debugf("No longer of interest: %s", words);
        }
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

    private synchronized void troubleIf(long mine, String words) {
        if (attempt == mine) {
            trouble(words);
        }
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
