package io.respawn.app;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Sees to it that a new image gets its framework. Without it the services are supervised on, and the process becomes another
 * image, a few times; the image before had one, so nobody is to lose a service because this one has none.
 */
final class FrameworkWatch {

    private static final Logger LOG = Logger.getLogger(FrameworkWatch.class);
    private static final Duration LONGEST_BOOT = Duration.ofSeconds(30);
    private static final Duration BEFORE_ANOTHER = Duration.ofSeconds(1);
    private static final int MOST = 3;

    private final int failures;
    private final Executor loop;
    private final IntConsumer tryAnother;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile boolean up;

    /**
     * Begins to wait.
     *
     * @param failures of the images right before this one
     * @param tryAnother begins another image, on the loop, and is told how many have failed
     */
    FrameworkWatch(int failures, Executor loop, IntConsumer tryAnother) {
        this.failures = failures;
        this.loop = loop;
        this.tryAnother = tryAnother;
        CompletableFuture<Void> _ = CompletableFuture.runAsync(
                () -> failed("it did not come up within " + LONGEST_BOOT.toSeconds() + " s"), after(LONGEST_BOOT));
    }

    /** It is there. */
    void up() {
        up = true;
        settled.set(true);
    }

    /** It will not be there; false says that it was, so that its end is another matter. */
    boolean failed(String reason) {
        if (settled.compareAndSet(false, true)) {
            goOnWithout(reason);
        }
        return !up;
    }

    private void goOnWithout(String reason) {
        String words =
                "Cannot run the framework, and with it the API and Kafka: " + reason + "; services are supervised on";
        if (failures < MOST) {
            LOG.errorf("%s, and the sidecar becomes another image (%d of %d)", words, failures + 1, MOST);
            CompletableFuture<Void> _ = CompletableFuture.runAsync(
                    () -> loop.execute(() -> tryAnother.accept(failures + 1)), after(BEFORE_ANOTHER));
        } else {
            LOG.errorf("%s; send SIGUSR1 when it is mended, or SIGTERM to end them", words);
        }
    }

    private static Executor after(Duration time) {
        return CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
