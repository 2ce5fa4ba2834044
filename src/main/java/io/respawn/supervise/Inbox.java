package io.respawn.supervise;

import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue in front of the loop, as the source of its pipeline: whatever was put in comes out on the loop's thread, in
 * order, also if memory gives out in between. What waits together comes as one group, so many at most; then the loop looks
 * after its descriptors before the next. Whoever gets a group removes from it what is done with.
 *
 * <p>That is why it is not one of the stock processors: those wake their consumer, or note that they did, in ways that an
 * {@code OutOfMemoryError} at the wrong moment leaves undone for ever. Here an item is in the queue or its giver still has
 * it, and {@link #drain} may be called at any time on the loop's thread.
 */
final class Inbox<T> extends AbstractMulti<Queue<T>> {

    /** What one group holds at most: a few milliseconds' worth of work. */
    static final int GROUP = 64;

    private static final System.Logger LOG = System.getLogger(Inbox.class.getName());

    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    /** With room for all of a group from the beginning: to move an item needs no memory. */
    private final Queue<T> group = new ArrayDeque<>(GROUP);

    private final AtomicBoolean called = new AtomicBoolean();
    private final Runnable draining = this::drain;
    private final Executor loop;
    private final BooleanSupplier free;
    private @Nullable MultiSubscriber<? super Queue<T>> subscriber;
    private boolean busy;

    /**
     * An empty one.
     *
     * @param free says before each group whether the one before it is done with; may do what is left to do for it
     */
    Inbox(Executor loop, BooleanSupplier free) {
        this.loop = loop;
        this.free = free;
    }

    /** Takes one subscriber, before anything is drained. */
    @Override
    public void subscribe(MultiSubscriber<? super Queue<T>> downstream) {
        subscriber = downstream;
        downstream.onSubscribe(Subscriptions.empty());
    }

    /** Puts it in; if that fails the giver still has it. Any thread may call. */
    void put(T item) {
        waiting.add(item);
        call();
    }

    private void call() {
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
        MultiSubscriber<? super Queue<T>> downstream = subscriber;
        if (busy || downstream == null) {
            return;
        }
        busy = true;
        try {
            if (free.getAsBoolean() && fill()) {
                downstream.onItem(group);
            }
        } finally {
            busy = false;
        }
        if (!waiting.isEmpty()) {
            call();
        }
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return waiting.isEmpty() && group.isEmpty();
    }

    private boolean fill() {
        while (group.size() < GROUP) {
            T next = waiting.poll();
            if (next == null) {
                break;
            }
            group.add(next);
        }
        return !group.isEmpty();
    }
}
