package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Keeps a few descriptors for the moment when there are no others: they are given up for what supervision cannot do
 * without (to hold a process, to look into {@code /proc}) and taken again afterwards. Thread-safe.
 */
public final class Reserve {

    /** That of this process; opened early, so that its numbers stay below a limit that is lowered later. */
    public static final Reserve DESCRIPTORS = new Reserve();

    /** Listing a directory takes two. */
    private static final int SIZE = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final int[] held = new int[SIZE];
    private int count;

    private Reserve() {
        refill();
    }

    /** Takes what is missing, as far as there is something to take; says whether the reserve is whole. */
    public boolean refill() {
        lock.lock();
        try {
            while (count < SIZE) {
                int fd = Unistd.open("/dev/null", Unistd.O_RDONLY | Unistd.O_CLOEXEC, 0);
                if (fd < 0) {
                    return false;
                }
                held[count++] = fd;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives it up for good: somebody else in this process keeps one. */
    public void release() {
        lock.lock();
        try {
            while (count > 0) {
                Unistd.close(held[--count]);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many descriptors are kept now. */
    public int kept() {
        return count;
    }

    /** Opens something, from the reserve if there is no descriptor otherwise; the raw result of the last attempt. */
    int open(IntSupplier opening) {
        int result = opening.getAsInt();
        return exhausted(result) ? lend(opening::getAsInt) : result;
    }

    static boolean exhausted(long rawResult) {
        return Errno.EMFILE.is(rawResult) || Errno.ENFILE.is(rawResult);
    }

    /** Does something while the reserve is given up. */
    <T> T lend(Supplier<T> work) {
        lock.lock();
        try {
            while (count > 0) {
                Unistd.close(held[--count]);
            }
            return work.get();
        } finally {
            refill();
            lock.unlock();
        }
    }
}
