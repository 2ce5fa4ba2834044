package io.respawn.kafka;

import io.respawn.core.Batch;
import io.respawn.core.Ledger;
import java.util.List;
import java.util.function.Supplier;

/** Brings what waits in the outbox to the brokers, one transaction after the other. Used by the session's thread alone. */
final class BatchWriter {

    private static final int MOST_IN_TRANSACTION = 500;
    private static final long BYTES_IN_TRANSACTION = 1024 * 1024;

    private final Outbox outbox;
    private final WriteSets sets;
    private final StateWriter writer;
    private final Standing standing;

    BatchWriter(Outbox outbox, WriteSets sets, StateWriter writer, Standing standing) {
        this.outbox = outbox;
        this.sets = sets;
        this.writer = writer;
        this.standing = standing;
    }

    /** What came of an attempt. */
    sealed interface Outcome {
        /** There was nothing to write yet. */
        record Nothing() implements Outcome {}

        /** Everything up to this ledger is committed. */
        record Written(Ledger ledger) implements Outcome {}

        /** Nothing of it is committed; it may be tried again. */
        record Failed() implements Outcome {}
    }

    Outcome writeNext() {
        if (outbox.patience().isPositive()) {
            return new Outcome.Nothing();
        }
        List<Batch> batches = outbox.take(MOST_IN_TRANSACTION, BYTES_IN_TRANSACTION);
        if (batches.isEmpty()) {
            return new Outcome.Nothing();
        }
        if (isWritten(batches)) {
            outbox.landed();
            return new Outcome.Written(batches.getLast().ledger());
        }
        // Together with what comes meanwhile: a record that is too large may be replaced by a smaller one.
        outbox.putBack();
        return new Outcome.Failed();
    }

    /** Writes what is there already, if nothing else is to be written. */
    Outcome writeHeartbeat(Ledger committed) {
        if (!outbox.isEmpty()) {
            return new Outcome.Nothing();
        }
        return isWritten(() -> sets.ofHeartbeat(committed)) ? new Outcome.Written(committed) : new Outcome.Failed();
    }

    private boolean isWritten(List<Batch> batches) {
        return isWritten(() -> sets.of(batches));
    }

    private boolean isWritten(Supplier<WriteSet> set) {
        try {
            return writer.write(set.get());
        } catch (SessionException.Refused e) {
            standing.trouble(e.words());
            return false;
        }
    }
}
