package io.respawn.app;

import io.respawn.process.ChildProcesses;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Keeps the framework waiting while first starts are under way: its boot would double the time until many services run. */
final class HeadStart {

    private static final Logger LOG = Logger.getLogger(HeadStart.class);

    /** Enough for a thousand services; a hung file system must not keep the API away for ever. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final CompletableFuture<Void> ordered = new CompletableFuture<>();

    /** The first starts are ordered, if there are any. */
    void ordered() {
        ordered.complete(null);
    }

    void await(ChildProcesses processes) {
        long end = System.nanoTime() + LONGEST.toNanos();
        try {
            ordered.get(LONGEST.toNanos(), TimeUnit.NANOSECONDS);
            processes.awaitStarts(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            LOG.debug("The first starts take long; the framework starts beside them", late);
        }
    }
}
