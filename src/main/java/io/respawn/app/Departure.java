package io.respawn.app;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/** The end of the sidecar, for those who wait for it or have something to do then. Thread-safe. */
final class Departure {

    private static final Logger LOG = Logger.getLogger(Departure.class);

    /** What the last steps may take when the grace periods are over. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(15);

    private final CompletableFuture<Integer> left = new CompletableFuture<>();
    private final Duration longest;
    private volatile boolean failed;

    /** {@code shutdownTimeout} is when the loop skips the grace periods. */
    Departure(Duration shutdownTimeout) {
        this.longest = shutdownTimeout.plus(LAST_STEPS);
    }

    /** The framework did not come up: whatever the way out, the exit code says so. */
    void failed() {
        failed = true;
    }

    /** Nothing of ours runs any more. */
    void left(int exitCode) {
        left.complete(failed ? 1 : exitCode);
    }

    void onLeft(IntConsumer action) {
        left.whenCompleteAsync((code, failure) -> action.accept(code)).exceptionally(failure -> {
            LOG.error("Cannot end the framework", failure);
            return 1;
        });
    }

    /** The JVM ends by force if the framework or its log, blocked by its output, do not end then. */
    void haltAfter(Duration time) {
        Executor late = CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS);
        CompletableFuture<Void> _ =
                left.thenAcceptAsync(code -> Runtime.getRuntime().halt(code), late);
    }

    int await() {
        return left.join();
    }

    /** The same for those who cannot wait for ever; whoever ends the JVM says so when the time is over. */
    void awaitInTime() {
        CompletableFuture<Integer> bounded = left.copy().completeOnTimeout(1, longest.toNanos(), TimeUnit.NANOSECONDS);
        LOG.debugf("The framework may end, code %d", bounded.join());
    }
}
