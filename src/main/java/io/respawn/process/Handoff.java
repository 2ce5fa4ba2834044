package io.respawn.process;

import io.respawn.linux.Reactor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Brings what other threads found out to the loop, in order, and keeps each until the loop has done with it. */
final class Handoff<T> {

    private static final Logger LOG = System.getLogger(Handoff.class.getName());

    private final Queue<T> kept = new ConcurrentLinkedQueue<>();
    private final Runnable taking = this::take;
    private final Reactor reactor;
    private final Consumer<T> taker;

    /** {@code taker} runs on the loop's thread, and again for the same one if memory gave out. */
    Handoff(Reactor reactor, Consumer<T> taker) {
        this.reactor = reactor;
        this.taker = taker;
        reactor.afterFailure(taking);
    }

    /** Any thread may call. Where memory gives out the caller has it still. */
    void put(T found) {
        kept.add(found);
        try {
            reactor.execute(taking);
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.DEBUG, "The loop has ended; the next sidecar finds what was started", ended);
        } catch (OutOfMemoryError late) {
            // It is kept, and the loop looks by itself after a failure like this one.
            LOG.log(Level.DEBUG, "The loop takes it later");
        }
    }

    private void take() {
        for (T next = kept.peek(); next != null; next = kept.peek()) {
            boolean repeat = false;
            try {
                taker.accept(next);
            } catch (OutOfMemoryError notNow) {
                repeat = true;
                throw notNow;
            } finally {
                if (!repeat) {
                    kept.poll();
                }
            }
        }
    }
}
