package io.respawn.supervise;

import io.respawn.core.Batch;
import java.io.UncheckedIOException;

/** Port: the local journal. Called by the loop only, except {@link SpawnLog}, which the spawner calls. */
public interface Journal {

    /**
     * Adds a batch by a single write, without waiting for the disk.
     *
     * @throws UncheckedIOException when it could not be written; the batch is then only in memory
     */
    void append(Batch batch);

    /** Has everything up to {@code seq} brought to the disk elsewhere, and answers by {@code JournalSynced}. */
    void sync(long seq);

    /** Kafka has all batches up to {@code seq}: they may be cut off. */
    void acknowledged(long seq);
}
