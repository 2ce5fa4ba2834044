package io.respawn.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what is under way, for whoever waits until nothing is. Thread-safe. */
final class Idleness {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition becameIdle = lock.newCondition();
    private int underWay;

    void begun() {
        count(1);
    }

    void ended() {
        count(-1);
    }

    private void count(int change) {
        lock.lock();
        try {
            underWay += change;
            if (underWay == 0) {
                becameIdle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is under way, or for as long as this. */
    void await(Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.convert(longest);
            while (underWay > 0 && left > 0) {
                left = becameIdle.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
