package io.respawn.kafka;

import io.respawn.core.Event;
import io.respawn.supervise.EventSink;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Those who wait until everything is written; each is answered once, in time, whatever blocks the session. Thread-safe. */
final class Flushes {

    private final EventSink sink;
    private final Queue<CompletableFuture<Boolean>> open = new ConcurrentLinkedQueue<>();

    Flushes(EventSink sink) {
        this.sink = sink;
    }

    void add(Duration limit) {
        CompletableFuture<Boolean> flush =
                new CompletableFuture<Boolean>().completeOnTimeout(false, limit.toNanos(), TimeUnit.NANOSECONDS);
        CompletableFuture<Void> answered = flush.thenAccept(complete -> sink.accept(new Event.Flushed(complete)));
        if (!answered.isDone()) {
            open.add(flush);
        }
    }

    void answer(boolean complete) {
        for (CompletableFuture<Boolean> flush = open.poll(); flush != null; flush = open.poll()) {
            flush.complete(complete);
        }
    }
}
