package io.respawn.supervise;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Repeats what fails for want of memory until there is some; for threads that may wait, which the loop's may not. What is
 * repeated must have changed nothing when it failed.
 */
public final class Insistence {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Insistence() {}

    public static <T> T on(Statistics statistics, Supplier<T> work) {
        while (true) {
            try {
                return work.get();
            } catch (OutOfMemoryError notNow) {
                statistics.outOfMemory();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    public static void on(Statistics statistics, Runnable work) {
        while (true) {
            try {
                work.run();
                return;
            } catch (OutOfMemoryError notNow) {
                statistics.outOfMemory();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
