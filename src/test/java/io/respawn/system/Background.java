package io.respawn.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What goes on beside a test until the test has seen enough of it; a failure there is one of the test. */
final class Background implements AutoCloseable {

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("background-", 0).factory());
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Future<?>> tasks = new ArrayList<>();

    /** Something that is done again and again. */
    interface Act {
        void once();
    }

    /** Does it after this time, again and again. */
    void repeat(Duration pause, Act act) {
        tasks.add(threads.submit(() -> {
            while (!over.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                act.once();
            }
            return null;
        }));
    }

    /** Lets what is under way come to its end. */
    void end() {
        over.countDown();
        for (Future<?> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw new AssertionError("Cannot go on beside the test", e.getCause());
            } catch (InterruptedException e) {
                throw Programs.interrupted(e);
            }
        }
    }

    @Override
    public void close() {
        over.countDown();
        threads.close();
    }
}
