package io.respawn.supervise;

import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue in front of the loop, as the source of its pipeline: whatever was put in comes out on the loop's thread, in
 * order and one at a time, also if memory gives out in between.
 *
 * <p>That is why it is not one of the stock processors: those wake their consumer, or note that they did, in ways that an
 * {@code OutOfMemoryError} at the wrong moment leaves undone for ever. Here an item is in the queue or its giver still has
 * it, and {@link #drain} may be called at any time on the loop's thread.
 */
final class Inbox<T> extends AbstractMulti<T> {

    private static final System.Logger LOG = System.getLogger(Inbox.class.getName());

    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private final Runnable draining = this::drain;
    private final Executor loop;
    private final BooleanSupplier free;
    private @Nullable MultiSubscriber<? super T> subscriber;
    private boolean busy;

    /**
     * An empty one.
     *
     * @param free says before each item whether the one before it is done with; may do what is left to do for it
     */
    Inbox(Executor loop, BooleanSupplier free) {
        this.loop = loop;
        this.free = free;
    }

    /** Takes one subscriber, before anything is drained. */
    @Override
    public void subscribe(MultiSubscriber<? super T> downstream) {
        subscriber = downstream;
        downstream.onSubscribe(Subscriptions.empty());
    }

    /** Puts it in; if that fails the giver still has it. Any thread may call. */
    void put(T item) {
        waiting.add(item);
        if (!called.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(draining);
        } catch (OutOfMemoryError late) {
            // The loop looks by itself after a failure like this one.
            called.set(false);
        } catch (RejectedExecutionException ended) {
            LOG.log(System.Logger.Level.DEBUG, "The loop has ended; nobody takes what comes now", ended);
        }
    }

    /** Hands on what waits; on the loop's thread. */
    void drain() {
        called.set(false);
        MultiSubscriber<? super T> downstream = subscriber;
        if (busy || downstream == null) {
            return;
        }
        busy = true;
        try {
            while (free.getAsBoolean()) {
                T next = waiting.poll();
                if (next == null) {
                    return;
                }
                downstream.onItem(next);
            }
        } finally {
            busy = false;
        }
    }
}
