package io.respawn.linux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns one platform thread into a loop over descriptor events and handed-over work.
 *
 * <p>{@link #execute}, {@link #stop} and the readings may come from any thread; watches are changed on the loop's thread
 * only, or before {@link #run} began. The queue has no limit of its own: whoever fills it from outside watches
 * {@link #depth}.
 */
public final class Reactor implements Executor, AutoCloseable {

    /** It turns at least this often, so that {@link #lastBeat} tells a stuck loop from an idle one. */
    public static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    /** How long whatever failed may have to wait until it is mended. */
    public static final Duration BEFORE_MENDING = Duration.ofMillis(50);

    private static final long WAKE_TOKEN = -1;

    private final Consumer<Throwable> errors;
    private final Epoll epoll = new Epoll();
    private final EventFd wake = new EventFd();
    private final Map<Integer, Watch> watches = new HashMap<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger depth = new AtomicInteger();
    private final AtomicBoolean wakePending = new AtomicBoolean();
    private final List<Runnable> mendings = new ArrayList<>();

    private int generations;
    private long mendAt;
    private volatile boolean failed;
    private volatile @Nullable Thread loop;
    private volatile boolean stopping;
    private volatile boolean abandoned;
    private volatile boolean ended;
    private volatile long lastBeat = System.nanoTime();

    /** Handles the events of one descriptor. */
    @FunctionalInterface
    public interface Handler {
        /** Is called on the loop's thread; the events are those of {@link Epoll}. */
        void ready(int events);
    }

    /** The generation tells a descriptor's late event from one of a new descriptor with the same number. */
    private record Watch(int fd, int generation, Handler handler) {
        long token() {
            return ((long) generation << Integer.SIZE) | fd;
        }
    }

    /** Opens the loop; what a handler or a task throws goes to this callback, and the loop goes on. */
    public Reactor(Consumer<Throwable> errors) {
        this.errors = errors;
        epoll.add(wake.fd(), Epoll.IN, WAKE_TOKEN);
    }

    /** Is the loop: returns after {@link #stop}, when the work handed over until then is done. */
    public void run() {
        Threads.requirePlatform("run the loop");
        if (loop != null) {
            throw new IllegalStateException("Cannot run the loop twice; make a new one");
        }
        loop = Thread.currentThread();
        while (!stopping) {
            try {
                turn();
            } catch (Throwable thrown) {
                // Not of a handler, so of the loop itself, which has no memory: what was ready is ready at the next
                // turn.
                failed(thrown);
            }
        }
        ended = true;
        if (abandoned) {
            tasks.clear();
        }
        runTasks(Integer.MAX_VALUE);
    }

    private void turn() {
        epoll.await(!tasks.isEmpty() ? Duration.ZERO : failed ? BEFORE_MENDING : LONGEST_SLEEP, this::dispatch);
        lastBeat = System.nanoTime();
        if (failed && lastBeat - mendAt >= 0) {
            mend();
        }
        // Only what was there: work that hands over more work must not keep events waiting.
        runTasks(depth.get());
    }

    /**
     * Has this run on the loop's thread after anything failed there, or could not be handed over, for want of memory: what
     * failed may have been left half done. It must be harmless when nothing was. Before the loop runs, or on its thread.
     */
    public void afterFailure(Runnable mending) {
        requireLoop();
        mendings.add(mending);
    }

    private void mend() {
        failed = false;
        for (int i = 0; i < mendings.size(); i++) {
            guarded(mendings.get(i));
        }
    }

    private void failed(Throwable thrown) {
        if (!failed) {
            mendAt = System.nanoTime() + BEFORE_MENDING.toNanos();
            failed = true;
        }
        report(thrown);
    }

    private void dispatch(int events, long token) {
        if (token == WAKE_TOKEN) {
            try {
                wake.drain();
            } finally {
                // Whatever happened: while this is set nobody would wake the loop again.
                wakePending.set(false);
            }
            return;
        }
        Watch watch = watches.get((int) token);
        if (watch != null && watch.token() == token) {
            guarded(() -> watch.handler().ready(events));
        }
    }

    private void runTasks(int limit) {
        for (int i = 0; i < limit && !(abandoned && !ended); i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            depth.decrementAndGet();
            guarded(task);
        }
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    private void report(Throwable thrown) {
        try {
            errors.accept(thrown);
        } catch (OutOfMemoryError noWords) {
            // There is no memory to say so; the loop goes on, which is worth more than its words.
            failed = true;
        } catch (Throwable reporting) {
            reporting.addSuppressed(thrown);
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, reporting);
        }
    }

    /** Hands work over to the loop; it runs in order, after the events of the turn. */
    @Override
    public void execute(Runnable task) {
        try {
            tasks.add(task);
        } catch (OutOfMemoryError full) {
            failed = true;
            throw full;
        }
        depth.incrementAndGet();
        // Either the ended loop's last round takes the task, or it is taken back here.
        if (ended && tasks.remove(task)) {
            depth.decrementAndGet();
            throw new RejectedExecutionException("Cannot hand work to the loop: it has ended");
        }
        wakeUp();
    }

    private void wakeUp() {
        if (!inLoop() && !ended && wakePending.compareAndSet(false, true)) {
            try {
                wake.signal();
            } catch (IllegalStateException closed) {
                if (!ended) {
                    throw closed;
                }
            } catch (OutOfMemoryError late) {
                // The task is handed over; the loop finds it with its next turn at the latest.
                failed = true;
                wakePending.set(false);
            }
        }
    }

    /** Calls the handler on these events of a descriptor until it is unwatched or closed. */
    public void watch(int fd, int events, Handler handler) {
        requireLoop();
        if (watches.containsKey(fd)) {
            // A closed descriptor left epoll by itself, and its number may have come back; a live one is replaced.
            epoll.remove(fd);
        }
        generations = (generations + 1) & Integer.MAX_VALUE;
        var watch = new Watch(fd, generations, handler);
        watches.put(fd, watch);
        try {
            epoll.add(fd, events, watch.token());
        } catch (RuntimeException | Error failed) {
            watches.remove(fd);
            throw failed;
        }
    }

    /** Asks for other events of a watched descriptor; none leaves only hang-ups and errors. */
    public void rewatch(int fd, int events) {
        requireLoop();
        Watch watch = watches.get(fd);
        if (watch == null) {
            throw new IllegalArgumentException("Cannot change the watch of the descriptor " + fd + ": there is none");
        }
        epoll.modify(fd, events, watch.token());
    }

    /** Ends a watch; call it before the descriptor is closed. Says whether there was one. */
    public boolean unwatch(int fd) {
        requireLoop();
        boolean watched = watches.remove(fd) != null;
        if (watched) {
            epoll.remove(fd);
        }
        return watched;
    }

    private void requireLoop() {
        if (loop != null && !inLoop() && !ended) {
            throw new IllegalStateException("Cannot change a watch from the thread '"
                    + Thread.currentThread().getName() + "'; hand it over by execute");
        }
    }

    /** Whether the caller is the loop's thread. */
    public boolean inLoop() {
        return Thread.currentThread().equals(loop);
    }

    /** How many tasks wait. */
    public int depth() {
        return depth.get();
    }

    /** How many descriptors are watched; only exact on the loop's thread. */
    public int watched() {
        return watches.size();
    }

    /** When the loop last turned, in {@link System#nanoTime}. */
    public long lastBeat() {
        return lastBeat;
    }

    /** Asks the loop to end after its turn. */
    public void stop() {
        stopping = true;
        wakeUp();
    }

    /** Ends the loop with what it does now, for somebody else goes on: what is handed over and has not run never will. */
    public void abandon() {
        abandoned = true;
        stop();
    }

    /** Closes the loop's own descriptors; the loop must have ended, or never have begun. */
    @Override
    public void close() {
        if (loop != null && !ended) {
            throw new IllegalStateException("Cannot close the loop while it runs; stop it and join its thread");
        }
        ended = true;
        wake.close();
        epoll.close();
    }
}
