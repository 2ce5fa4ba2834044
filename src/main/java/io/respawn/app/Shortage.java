package io.respawn.app;

import io.respawn.linux.LastWords;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Says that memory has run out, at once and without any, and in the log when there is some again. */
final class Shortage {

    private static final Logger LOG = Logger.getLogger(Shortage.class);

    private static final String REMEDY =
            "give it more by -Xmx in RESPAWN_JAVA_OPTS or lib/jvm.options, or more threads if it is those that are short";

    /** Also how long after the last failure it counts as over. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private Shortage() {}

    /** Has it said until what this returns is closed. */
    static LastWords watch(Statistics statistics) {
        AtomicLong told = new AtomicLong();
        LastWords words = new LastWords(
                "respawn: Cannot allocate memory in the sidecar's Java heap: it supervises on, and what failed is done again;"
                        + " " + REMEDY,
                PAUSE,
                () -> tell(statistics, told));
        statistics.onOutOfMemory(words::say);
        return words;
    }

    private static void tell(Statistics statistics, AtomicLong told) {
        long all = statistics.outOfMemoryCount();
        LOG.errorf(
                "Cannot do without more memory: it was short %d times lately, and what failed was done again; %s",
                all - told.getAndSet(all), REMEDY);
    }
}
