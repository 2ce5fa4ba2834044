package io.respawn.journal;

import io.respawn.core.Batch;
import io.respawn.core.Event.Noted;
import io.respawn.supervise.Journal;
import io.respawn.supervise.SpawnLog;
import java.util.List;

/**
 * Stands in where no directory can be written: it keeps nothing and never says that anything is on a disk, so whoever
 * waits for that is told the durability {@code memory} instead.
 */
public final class MemoryJournal implements Journal, SpawnLog {

    @Override
    public void append(List<Batch> batches) {
        // The state in the loop's memory is all there is.
    }

    @Override
    public void sync(long seq) {
        // There is no disk, and saying otherwise would be a lie.
    }

    @Override
    public void acknowledged(long seq) {
        // Nothing was kept that could be cut off.
    }

    @Override
    public void note(Noted note) {
        // Adoption finds the process by the tags in its environment.
    }
}
