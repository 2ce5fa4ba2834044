package io.respawn.supervise;

import io.respawn.core.Batch;
import java.io.UncheckedIOException;
import java.util.List;

/** Port: the local journal. Called by the loop only, except {@link SpawnLog}, which the spawner calls. */
public interface Journal {

    /**
     * Adds batches by a single write, without waiting for the disk. A death in between leaves the first ones, or none. If
     * memory gives out they are given again.
     *
     * @throws UncheckedIOException when they could not be written; they are then only in memory
     */
    void append(List<Batch> batches);

    /** Has everything up to {@code seq} brought to the disk elsewhere, and answers by {@code JournalSynced}. */
    void sync(long seq);

    /** Kafka has all batches up to {@code seq}: they may be cut off. */
    void acknowledged(long seq);
}
