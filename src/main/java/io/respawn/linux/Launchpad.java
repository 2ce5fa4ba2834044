package io.respawn.linux;

import io.respawn.linux.libc.Spawn.spawn_call;
import io.respawn.linux.libc.Syscall;
import io.respawn.linux.libc.Unistd;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@code posix_spawn} calls of one other thread, on a thread with a descriptor table of its own, in which there
 * are only the standard streams.
 *
 * <p>The kernel copies the table of the calling thread for every child, and closes the copy again: with thousands of
 * descriptors that takes longer than all the rest. The thread does nothing but make that call, since no descriptor of the
 * program means anything to it, not even those that classes are read from. So its first call is made before it leaves the
 * common table: afterwards everything is loaded that it will ever need.
 *
 * <p>A start that hangs holds up whoever has ordered it, and nobody else: each thread that starts has a launchpad of its own.
 */
public final class Launchpad implements AutoCloseable {

    private static final int WORKING = Integer.MIN_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable spawn_call ordered;
    private @Nullable Throwable thrown;
    private int error = WORKING;
    private boolean closed;
    private volatile @Nullable HalfBorn halfBorn;
    private volatile @Nullable HalfBorn elsewhere;

    /** Starts the thread. */
    public Launchpad() {
        Thread.ofPlatform().daemon().name("respawn-launch").start(this::work);
    }

    /** Makes the call and waits for it, however long the program takes to be loaded; says the error number, 0 for none. */
    int make(spawn_call call) {
        lock.lock();
        try {
            ordered = call;
            error = WORKING;
            thrown = null;
            changed.signalAll();
            while (error == WORKING) {
                changed.awaitUninterruptibly();
            }
            if (thrown instanceof Error failed) {
                throw failed;
            }
            if (thrown instanceof RuntimeException failed) {
                throw failed;
            }
            return error;
        } finally {
            lock.unlock();
        }
    }

    /** The child whose start is under way; empty before the first. */
    public Optional<HalfBorn> halfBorn() {
        HalfBorn other = elsewhere;
        return Optional.ofNullable(other == null ? halfBorn : other);
    }

    /** The child is born on another thread than this one's; null when that is over. */
    void elsewhere(@Nullable HalfBorn other) {
        elsewhere = other;
    }

    private void work() {
        boolean alone = false;
        spawn_call call = next();
        while (call != null) {
            answer(attempt(call));
            if (!alone) {
                alone = true;
                // Where the kernel refuses, children are started from the common table: slower with many, not wrong.
                Syscall.close_range(3, -1, Unistd.CLOSE_RANGE_UNSHARE);
            }
            call = next();
        }
    }

    /** Without this thread none of its starts would ever come to an end, so nothing may end it. */
    private int attempt(spawn_call call) {
        try {
            if (halfBorn == null) {
                halfBorn = HalfBorn.ofThisThread();
            }
            return call.make();
        } catch (RuntimeException | Error failed) {
            thrown = failed;
            return 0;
        }
    }

    private void answer(int result) {
        lock.lock();
        try {
            ordered = null;
            error = result;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable spawn_call next() {
        lock.lock();
        try {
            while (ordered == null && !closed) {
                changed.awaitUninterruptibly();
            }
            return ordered;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread after the call that is under way. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
