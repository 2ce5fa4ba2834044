package io.respawn.process;

import io.respawn.linux.Launchpad;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that starts happen on: two, and a further one whenever all others hang in theirs, so that nobody waits behind
 * a file system that does not answer. A start that hangs for longer than its service may take to start is abandoned: its
 * process, which is not born yet, is killed, and if it comes all the same it is withdrawn.
 *
 * <p>What fails for want of memory is repeated until there is some; nothing that was ordered is lost.
 */
final class Starters implements AutoCloseable {

    /** A start that was abandoned. */
    static final String HUNG = "spawn-hung";

    private static final Logger LOG = System.getLogger(Starters.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST_THREADS = 8;

    /** A start waits for its program to be loaded, on another processor: two threads leave no gap between starts. */
    private static final int USUAL_THREADS = Math.min(2, Runtime.getRuntime().availableProcessors());

    private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private final List<Starter> starters = new ArrayList<>();
    private final Statistics statistics;
    private final IntPredicate known;
    /** Each start holds a share of it; whoever holds all of it keeps the next ones waiting. */
    private final StampedLock passage = new StampedLock();

    private long pause;
    private volatile boolean closed;

    /** What a start is told about itself while it is under way. */
    interface Progress {

        /** Repeats this until there is memory for it. */
        <T> T insist(Supplier<T> work);

        /** Takes the right to say how it went; false if it was abandoned before, and that was said. */
        boolean claim();

        /** Makes the start's call. */
        Launchpad launchpad();
    }

    /** One start. */
    record Order(ChildKey key, Duration longest, Consumer<Progress> start) {}

    /** Starts the usual threads; {@code known} are the processes that are born and written down. */
    Starters(Statistics statistics, IntPredicate known) {
        this.statistics = statistics;
        this.known = known;
        for (int i = 0; i < USUAL_THREADS; i++) {
            starters.add(new Starter());
        }
    }

    void order(Order order) {
        orders.add(order);
    }

    /** Abandons what takes too long, and has another thread help if all hang; tells of each that was abandoned. */
    void relieve(Consumer<ChildKey> abandoned) {
        for (int i = 0; i < starters.size(); i++) {
            Order late = starters.get(i).hangingFor(Duration.ZERO);
            if (late != null && starters.get(i).hangingFor(late.longest()) != null) {
                starters.get(i).abandon(late, abandoned);
            }
        }
        starters.removeIf(starter -> starter.ended);
        boolean helpless = starters.stream().allMatch(starter -> starter.hangingFor(PATIENCE) != null);
        if (helpless && !orders.isEmpty() && starters.size() < MOST_THREADS) {
            LOG.log(Level.WARNING, "Starts hang while a program is loaded; others go on without waiting for them");
            starters.add(new Starter());
        }
    }

    /** Has what is ordered from now on wait; false, and nothing is changed, if those under way take longer than this. */
    boolean pause(Duration longest) throws InterruptedException {
        pause = passage.tryWriteLock(longest.toNanos(), TimeUnit.NANOSECONDS);
        return pause != 0;
    }

    /** Ends the pause. */
    void goOn() {
        passage.unlockWrite(pause);
    }

    void abandon(ChildKey key, Consumer<ChildKey> abandoned) {
        for (Starter starter : List.copyOf(starters)) {
            Order order = starter.hangingFor(Duration.ZERO);
            if (order != null && order.key().equals(key)) {
                starter.abandon(order, abandoned);
                return;
            }
        }
        // It waits behind one that hangs.
        if (orders.removeIf(order -> order.key().equals(key))) {
            abandoned.accept(key);
        }
    }

    @Override
    public void close() {
        closed = true;
        starters.forEach(starter -> starter.thread.interrupt());
    }

    /** One thread and what it is at. */
    private final class Starter implements Progress {
        private final Launchpad launchpad = new Launchpad();
        private final Thread thread;
        private @Nullable Order order;
        private long begun;
        private boolean wanted;
        private volatile boolean ended;

        Starter() {
            thread = Thread.ofPlatform().daemon().name("respawn-spawner").start(this::work);
        }

        private void work() {
            while (!closed) {
                try {
                    Order next = orders.take();
                    long share = passage.readLock();
                    try {
                        // Whoever held the passage may have had the end come meanwhile.
                        if (!closed) {
                            carryOut(next);
                        }
                    } finally {
                        passage.unlockRead(share);
                    }
                } catch (InterruptedException ending) {
                    LOG.log(Level.DEBUG, "A spawner ends", ending);
                } catch (RuntimeException | Error defect) {
                    // Whatever it is, this thread must go on: without it no service would ever start again.
                    statistics.fault("spawner");
                    LOG.log(Level.ERROR, "Cannot say how a start went", defect);
                }
            }
            launchpad.close();
            ended = true;
        }

        private void carryOut(Order next) {
            synchronized (this) {
                order = next;
                begun = System.nanoTime();
                wanted = true;
            }
            try {
                next.start().accept(this);
            } finally {
                synchronized (this) {
                    order = null;
                }
            }
        }

        @Override
        public <T> T insist(Supplier<T> work) {
            return Insistence.on(statistics, work);
        }

        @Override
        public synchronized boolean claim() {
            order = null;
            return wanted;
        }

        @Override
        public Launchpad launchpad() {
            return launchpad;
        }

        /** What it is at, if that has taken at least so long. */
        synchronized @Nullable Order hangingFor(Duration time) {
            return order != null && System.nanoTime() - begun >= time.toNanos() ? order : null;
        }

        void abandon(Order late, Consumer<ChildKey> abandoned) {
            synchronized (this) {
                if (!late.equals(order) || !wanted) {
                    return;
                }
                wanted = false;
            }
            statistics.fault(HUNG);
            LOG.log(Level.ERROR, "Cannot see the start of {0} come to an end: loading its program hangs", late.key());
            launchpad.halfBorn().ifPresent(child -> child.kill(known));
            abandoned.accept(late.key());
        }
    }
}
