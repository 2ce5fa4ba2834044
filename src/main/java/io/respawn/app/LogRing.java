package io.respawn.app;

import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.handlers.AsyncHandler;

/**
 * Our own log on its way to the console: a bounded queue and a thread that writes. Nobody waits for a console that blocks;
 * what finds no room is dropped, counted, and told of as soon as there is room again. The framework's own asynchronous
 * handler, whose place this takes, drops in silence.
 */
final class LogRing extends ExtHandler {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final BlockingQueue<ExtLogRecord> queue;
    private final Statistics statistics;
    private volatile boolean writing;
    private final AsyncHandler replaced;
    private volatile boolean removed;
    private long told;

    private LogRing(AsyncHandler replaced, Statistics statistics) {
        this.queue = new ArrayBlockingQueue<>(replaced.getQueueLength());
        this.statistics = statistics;
        setHandlers(replaced.getHandlers());
        setLevel(replaced.getLevel());
        setFilter(replaced.getFilter());
        this.replaced = replaced;
        Thread.ofPlatform().daemon().name("respawn-log").start(this::write);
    }

    /** Takes the place of the framework's handler, once it has set up its log. */
    static void install(Statistics statistics) {
        replace(handler -> handler instanceof AsyncHandler stock ? new LogRing(stock, statistics) : handler);
    }

    /** Gives the framework's handler its place back, where another framework follows in this JVM. */
    static void remove() {
        replace(handler -> handler instanceof LogRing ring ? ring.ended() : handler);
    }

    private static void replace(UnaryOperator<Handler> exchange) {
        for (Handler outer : Logger.getLogger("").getHandlers()) {
            if (outer instanceof ExtHandler parent) {
                Handler[] inner = parent.getHandlers();
                Handler[] wanted = Stream.of(inner).map(exchange).toArray(Handler[]::new);
                if (!Arrays.equals(inner, wanted)) {
                    parent.setHandlers(wanted);
                }
            }
        }
    }

    private AsyncHandler ended() {
        removed = true;
        return replaced;
    }

    /** Waits for the lines of all rings to be written, but not for long. */
    static void drain(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        for (Handler outer : Logger.getLogger("").getHandlers()) {
            if (outer instanceof ExtHandler parent) {
                for (Handler inner : parent.getHandlers()) {
                    if (inner instanceof LogRing ring) {
                        ring.await(deadline);
                    }
                }
            }
        }
    }

    private void await(long deadline) {
        while ((writing || !queue.isEmpty()) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    @Override
    protected void doPublish(ExtLogRecord line) {
        if (isCallerCalculationRequired()) {
            line.copyAll();
        } else {
            line.disableCallerCalculation();
            line.copyMdc();
        }
        if (!queue.offer(line)) {
            statistics.logLinesDropped().increment();
        }
    }

    private void write() {
        while (!removed || !queue.isEmpty()) {
            try {
                ExtLogRecord next = queue.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                writing = true;
                if (next != null) {
                    publishToNestedHandlers(next);
                }
                tellOfDropped();
            } catch (InterruptedException | RuntimeException | Error lost) {
                // Without this thread there is no log at all, and a line about a line would meet the same fate.
                statistics.logLinesDropped().increment();
            } finally {
                writing = false;
            }
        }
    }

    private void tellOfDropped() {
        long dropped = statistics.logLinesDropped().sum();
        if (dropped > told) {
            var line = new ExtLogRecord(
                    Level.WARNING,
                    (dropped - told) + " lines of this log were dropped: nobody took what was written",
                    LogRing.class.getName());
            line.setLoggerName(LogRing.class.getName());
            publishToNestedHandlers(line);
            told = dropped;
        }
    }
}
