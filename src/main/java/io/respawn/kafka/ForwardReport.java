package io.respawn.kafka;

import io.respawn.supervise.Forwarding;
import io.respawn.supervise.Forwarding.Look;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Says in the log how forwarding goes: once when it stops, once when it goes on, and how many lines were lost. */
final class ForwardReport {

    /** Counted when lines begin to wait because Kafka does not take them. */
    static final String STALLED = "output-not-forwarded";

    private static final Logger LOG = Logger.getLogger(ForwardReport.class);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOSSES = Duration.ofSeconds(60);

    private final String topic;
    private final Statistics statistics;
    private final AtomicReference<@Nullable String> cause = new AtomicReference<>();
    private volatile boolean stalled;
    private long forwardedThen;
    private long toldLost;
    private long toldNanos;

    ForwardReport(String topic, Statistics statistics) {
        this.topic = topic;
        this.statistics = statistics;
    }

    /** Any thread may call. */
    void failed(Throwable why) {
        cause.compareAndSet(null, why.getMessage() == null ? why.toString() : why.getMessage());
    }

    /** Memory has given out, and it is tried again. Any thread may call. */
    void outOfMemory() {
        statistics.outOfMemory();
    }

    /** Whether lines wait because Kafka does not take them. */
    boolean isStalled() {
        return stalled;
    }

    /** To be called about once a second. On one thread, like what is not said to be otherwise. */
    void look(Look now, long nanos) {
        String why = cause.getAndSet(null);
        if (stalled && now.forwarded() > forwardedThen) {
            stalled = false;
            LOG.infof("Output is forwarded to topic '%s' again; %d lines wait", topic, now.outstanding());
            tellLosses(now, nanos);
        } else if (!stalled && (why != null || now.silence().compareTo(LONGEST_SILENCE) >= 0)) {
            stall(why == null ? "Kafka has taken none for " + LONGEST_SILENCE.toSeconds() + " s" : why, now);
        }
        if (now.lost() > toldLost && (toldNanos == 0 || nanos - toldNanos >= BETWEEN_LOSSES.toNanos())) {
            tellLosses(now, nanos);
        }
    }

    private void stall(String why, Look now) {
        stalled = true;
        forwardedThen = now.forwarded();
        statistics.fault(STALLED);
        LOG.warnf(
                "Cannot forward output to topic '%s': %s; %d lines wait, of more than %d the oldest are lost",
                topic, why, now.outstanding(), Forwarding.MOST_LINES);
    }

    /** What has been lost since it was told last. */
    void tellLosses(Look now, long nanos) {
        if (now.lost() > toldLost) {
            LOG.warnf(
                    "%d lines of output were lost on the way to topic '%s': more came than Kafka took",
                    now.lost() - toldLost, topic);
            toldLost = now.lost();
            toldNanos = nanos;
        }
    }
}
