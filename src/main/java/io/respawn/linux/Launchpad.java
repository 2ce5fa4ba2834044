package io.respawn.linux;

import io.respawn.linux.libc.Spawn.spawn_call;
import io.respawn.linux.libc.Syscall;
import io.respawn.linux.libc.Unistd;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code posix_spawn} calls on a thread with a descriptor table of its own, in which there are only the standard
 * streams.
 *
 * <p>The kernel copies the table of the calling thread for every child, and closes the copy again: with thousands of
 * descriptors this takes longer than all the rest. The thread does nothing but make that call, since no descriptor of the
 * program means anything to it, not even those that classes are read from. So its first call is made before it leaves the
 * common table: afterwards everything is loaded that it will ever need.
 */
final class Launchpad {

    private static final ReentrantLock TURN = new ReentrantLock();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Condition CHANGED = LOCK.newCondition();
    private static final int WORKING = Integer.MIN_VALUE;

    private static boolean started;
    private static @Nullable spawn_call ordered;
    private static int error = WORKING;

    private Launchpad() {}

    /** Makes the call and waits for it, however long the program takes to be loaded. */
    static int make(spawn_call call) {
        TURN.lock();
        LOCK.lock();
        try {
            if (!started) {
                started = true;
                Thread.ofPlatform().daemon().name("respawn-launch").start(Launchpad::work);
            }
            ordered = call;
            error = WORKING;
            CHANGED.signalAll();
            while (error == WORKING) {
                CHANGED.awaitUninterruptibly();
            }
            return error;
        } finally {
            LOCK.unlock();
            TURN.unlock();
        }
    }

    private static void work() {
        boolean alone = false;
        while (true) {
            answer(attempt(next()));
            if (!alone) {
                alone = true;
                // Where the kernel refuses, children are started from the common table: slower with many, not wrong.
                Syscall.close_range(3, -1, Unistd.CLOSE_RANGE_UNSHARE);
            }
        }
    }

    /** Without this thread no service would ever start again, so nothing may end it. */
    private static int attempt(spawn_call call) {
        try {
            return call.make();
        } catch (Throwable noMemory) {
            return Errno.ENOMEM.number();
        }
    }

    private static void answer(int result) {
        LOCK.lock();
        try {
            ordered = null;
            error = result;
            CHANGED.signalAll();
        } finally {
            LOCK.unlock();
        }
    }

    private static spawn_call next() {
        LOCK.lock();
        try {
            spawn_call call = ordered;
            while (call == null) {
                CHANGED.awaitUninterruptibly();
                call = ordered;
            }
            return call;
        } finally {
            LOCK.unlock();
        }
    }
}
