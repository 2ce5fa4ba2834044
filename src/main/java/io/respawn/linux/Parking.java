package io.respawn.linux;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Holds a thread still between two of its turns, until it is freed. */
public final class Parking {

    private CountDownLatch free = new CountDownLatch(0);

    /**
     * Waits until the thread stands still; false says that its present turn takes longer than this.
     *
     * @param thread runs what it is given on that thread, after what it does now
     */
    public boolean park(Consumer<Runnable> thread, long millis) {
        CountDownLatch freed = new CountDownLatch(1);
        CountDownLatch still = new CountDownLatch(1);
        free = freed;
        thread.accept(() -> {
            still.countDown();
            await(freed);
        });
        try {
            return still.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void await(CountDownLatch freed) {
        try {
            freed.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets it go on; harmless when it does not stand still. */
    public void free() {
        free.countDown();
    }
}
