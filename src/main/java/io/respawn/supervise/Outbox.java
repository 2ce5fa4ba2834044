package io.respawn.supervise;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps batches until there is a replica to hand them to: the core starts before the framework, and Kafka comes with the
 * framework. Owned by the loop.
 */
final class Outbox implements Replica {

    private final List<Batch> waiting = new ArrayList<>();
    private final EventSink sink;
    private @Nullable Replica replica;

    Outbox(List<Batch> unacknowledged, EventSink sink) {
        this.waiting.addAll(unacknowledged);
        this.sink = sink;
    }

    void attach(Replica next) {
        replica = next;
        waiting.forEach(next::offer);
        waiting.clear();
    }

    @Override
    public void offer(Batch batch) {
        if (replica == null) {
            waiting.add(batch);
        } else {
            replica.offer(batch);
        }
    }

    @Override
    public List<Batch> held() {
        return replica == null ? List.copyOf(waiting) : replica.held();
    }

    @Override
    public void flush(Duration limit) {
        if (replica == null) {
            sink.accept(new Event.Flushed(waiting.isEmpty()));
        } else {
            replica.flush(limit);
        }
    }

    /** Nobody will ever want these: there is no Kafka. */
    void drop() {
        waiting.clear();
    }
}
