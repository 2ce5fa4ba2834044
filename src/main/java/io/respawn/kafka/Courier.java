package io.respawn.kafka;

import io.respawn.supervise.Insistence;
import io.respawn.supervise.Statistics;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Brings parcels on their way on a thread of its own, in order: whoever reads commands and writes batches does not have to
 * understand them too, and they are understood while a transaction is being committed.
 */
final class Courier implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Courier.class);

    private final BlockingQueue<Parcel> waiting = new LinkedBlockingQueue<>();
    private final Consumer<Parcel> destination;
    private final Statistics statistics;
    private final Thread thread =
            Thread.ofPlatform().name("kafka-commands").daemon().unstarted(this::run);

    Courier(Consumer<Parcel> destination, Statistics statistics) {
        this.destination = destination;
        this.statistics = statistics;
        thread.setContextClassLoader(Courier.class.getClassLoader());
    }

    /** Sets out, unless it has already. */
    void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /** Takes one; if that fails, its giver still has it. */
    void take(Parcel parcel) {
        waiting.add(parcel);
    }

    private void run() {
        try {
            while (true) {
                Parcel next = waiting.take();
                Insistence.on(statistics, () -> bring(next));
            }
        } catch (InterruptedException ended) {
            LOG.debugf("No more commands are brought: %s", ended.getMessage());
        }
    }

    private void bring(Parcel parcel) {
        try {
            destination.accept(parcel);
        } catch (RuntimeException defect) {
            statistics.fault("command-delivery");
            LOG.errorf(
                    defect,
                    "Cannot hand over %d commands: they are read again after a restart",
                    parcel.commands().size());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
