package io.respawn.kafka;

import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes one set after the other, each in a transaction. A commit whose answer is late is only ever asked for again; what
 * was not committed for certain is written again whole; a dead producer is reported, and its owner reads before it builds
 * another. Used by the session's thread alone.
 */
final class StateWriter implements AutoCloseable {

    /** How long a commit is asked for again before the producer is given up. */
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(60);

    private static final Duration SLOW = Duration.ofSeconds(2);

    private final Clients clients;
    private final Standing standing;
    private final Statistics statistics;
    private final BooleanSupplier closing;
    private @Nullable Producer<byte[], byte[]> producer;

    StateWriter(Clients clients, Standing standing, Statistics statistics, BooleanSupplier closing) {
        this.clients = clients;
        this.standing = standing;
        this.statistics = statistics;
        this.closing = closing;
    }

    /** Takes the place of every earlier producer of this sidecar, and ends the transaction it may have left open. */
    void open() {
        close();
        Producer<byte[], byte[]> next = clients.producer();
        producer = next;
        next.initTransactions();
    }

    /**
     * Writes the set, or leaves everything as it was.
     *
     * @return whether it is committed; if not, it may be tried again
     * @throws SessionException.ProducerLost when it is not known whether it is committed
     */
    boolean write(WriteSet set) {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            throw new IllegalStateException("Cannot write without a producer: open() comes first");
        }
        long begun = System.nanoTime();
        Standing.Watch watch = standing.watch(SLOW, "nothing could be committed for " + SLOW.toSeconds() + " s");
        try {
            open.beginTransaction();
            send(open, set);
            commit(open);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            abort(open, e);
            return false;
        } finally {
            watch.end();
        }
        statistics.kafkaCommits().add(Duration.ofNanos(System.nanoTime() - begun));
        return true;
    }

    private static void send(Producer<byte[], byte[]> open, WriteSet set) {
        for (ProducerRecord<byte[], byte[]> record : set.records()) {
            Future<RecordMetadata> sent = open.send(record);
            // Failed before it left: each further one would wait as long. The commit will say why.
            if (sent.isDone() && sent.state() == Future.State.FAILED) {
                return;
            }
        }
    }

    private void commit(Producer<byte[], byte[]> open) {
        // Not by the clock of the wall, which may be set meanwhile.
        long begun = System.nanoTime();
        for (; ; ) {
            try {
                open.commitTransaction();
                return;
            } catch (TimeoutException e) {
                statistics.fault("kafka-commit-timeout");
                standing.trouble("the commit is not answered: " + e.getMessage());
                if (closing.getAsBoolean() || System.nanoTime() - begun > COMMIT_LIMIT.toNanos()) {
                    throw new SessionException.ProducerLost("Cannot learn whether a transaction was committed", e);
                }
            }
        }
    }

    private void abort(Producer<byte[], byte[]> open, RuntimeException cause) {
        statistics.fault("kafka-transaction-failed");
        if (isFatal(cause)) {
            throw new SessionException.ProducerLost("Cannot go on with this producer: " + words(cause), cause);
        }
        standing.trouble("Cannot write to Kafka: " + words(cause));
        try {
            open.abortTransaction();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            e.addSuppressed(cause);
            throw new SessionException.ProducerLost("Cannot abort a transaction: " + words(e), e);
        }
    }

    private static boolean isFatal(RuntimeException e) {
        return e instanceof IllegalStateException
                || e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof InvalidTxnStateException
                || e instanceof OutOfOrderSequenceException
                || e instanceof AuthorizationException
                || e instanceof UnsupportedVersionException;
    }

    /** The innermost reason is the one that tells. */
    static String words(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getClass().getSimpleName() + ": " + inner.getMessage();
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
