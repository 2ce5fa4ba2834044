package io.respawn.kafka;

import io.respawn.supervise.Forwarding;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/** Takes lines out of where they wait and has them sent, on a thread of its own that begins with the first line. */
final class ForwardPump {

    private static final Logger LOG = Logger.getLogger(ForwardPump.class);
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LAST_LINES = Duration.ofMillis(500);
    private static final Duration LAST_TURN = Duration.ofMillis(500);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

    private final Forwarding lines;
    private final Runnable topic;
    private final ForwardReport report;
    private final Consumer<Forwarding.Item> sending;
    private final Thread thread;
    private volatile boolean ended;
    private boolean topicKnown;
    private long lastLook;

    /**
     * Nothing begins yet.
     *
     * @param topic sees to it that the topic is there, or says by a {@link KafkaException} why it is not
     */
    ForwardPump(Forwarding lines, Runnable topic, ForwardReport report, Consumer<Forwarding.Item> sending) {
        this.lines = lines;
        this.topic = topic;
        this.report = report;
        this.sending = sending;
        this.thread = Thread.ofPlatform().daemon().name("respawn-forward").unstarted(this::run);
        // The connector makes its producer on a thread that descends from this one, by the names of classes.
        thread.setContextClassLoader(ForwardPump.class.getClassLoader());
    }

    /** Begins, unless it has already, or has ended. */
    synchronized void start() {
        if (!ended && thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    private void run() {
        try {
            while (!ended) {
                attempt();
            }
        } catch (InterruptedException ending) {
            LOG.debugf("No more output is forwarded: %s", ending.getMessage());
        }
    }

    private void attempt() throws InterruptedException {
        try {
            turn();
        } catch (OutOfMemoryError notNow) {
            report.outOfMemory();
            Thread.sleep(MOMENT);
            // A line may have been taken and not be sent by anybody.
            lines.abandon();
        }
    }

    private void turn() throws InterruptedException {
        if (topicKnown) {
            Optional<Forwarding.Item> next = lines.take(MOMENT);
            next.ifPresent(this::send);
        } else {
            lookForTopic();
        }
        long now = System.nanoTime();
        report.look(lines.look(), now);
        if (report.isStalled() && now - lastLook >= BETWEEN_LOOKS.toNanos()) {
            // Somebody may have deleted it.
            topicKnown = false;
        }
    }

    private void send(Forwarding.Item item) {
        try {
            sending.accept(item);
        } catch (RuntimeException broken) {
            report.failed(broken);
            lines.failed(item);
        }
    }

    private void lookForTopic() throws InterruptedException {
        lastLook = System.nanoTime();
        try {
            topic.run();
            topicKnown = true;
        } catch (InterruptException ending) {
            throw interrupted(ending);
        } catch (KafkaException notNow) {
            report.failed(notNow);
            Thread.sleep(MOMENT);
        }
    }

    private static InterruptedException interrupted(InterruptException ending) {
        InterruptedException plain = new InterruptedException("the look for the topic was interrupted");
        plain.initCause(ending);
        return plain;
    }

    /** Sends nothing more, after a moment for what waits if Kafka takes it; what has not arrived waits for the next one. */
    void end() {
        try {
            if (!report.isStalled()) {
                lines.awaitThrough(lines.mark(), LAST_LINES);
            }
            synchronized (this) {
                ended = true;
            }
            thread.interrupt();
            thread.join(LAST_TURN);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
        lines.abandon();
        report.tellLosses(lines.look(), System.nanoTime());
    }
}
