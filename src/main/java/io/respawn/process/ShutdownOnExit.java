package io.respawn.process;

import io.respawn.core.Event.ShutdownRequested;
import io.respawn.supervise.EventSink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks the loop to leave when the JVM ends, and holds the JVM until it has left or the time is over.
 *
 * <p>It takes the place of {@link SignalHandling} where the signals are not ours to block, as in development mode.
 */
public final class ShutdownOnExit {

    private static final Logger LOG = System.getLogger(ShutdownOnExit.class.getName());

    private final EventSink events;
    private final Duration longest;
    private final CountDownLatch left = new CountDownLatch(1);
    private final Thread hook = new Thread(this::ask, "respawn-shutdown");

    /** Prepares the hook; {@link #install} arms it. */
    public ShutdownOnExit(EventSink events, Duration longest) {
        this.events = events;
        this.longest = longest;
    }

    /** Has the JVM call on us when it ends. */
    public ShutdownOnExit install() {
        Runtime.getRuntime().addShutdownHook(hook);
        return this;
    }

    /** Takes the hook back, as somebody else will ask; false if the JVM is ending already, so that it is too late. */
    public boolean uninstall() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            return true;
        } catch (IllegalStateException ending) {
            LOG.log(Level.DEBUG, "The JVM is ending", ending);
            return false;
        }
    }

    /** Everything has stopped: the JVM may end. Any thread may call. */
    public void left() {
        left.countDown();
    }

    /** Asks and waits; what the hook does. */
    void ask() {
        if (left.getCount() == 0) {
            return;
        }
        events.accept(new ShutdownRequested("the JVM is ending", false));
        try {
            if (!left.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.log(
                        Level.WARNING,
                        "Cannot wait for the services any longer than {0}: the JVM ends, what still runs is found again"
                                + " at the next start",
                        longest);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
