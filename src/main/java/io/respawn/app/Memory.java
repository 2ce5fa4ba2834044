package io.respawn.app;

import io.respawn.config.Settings;
import io.respawn.core.Batch;
import io.respawn.core.Event.Found;
import io.respawn.core.Ledger;
import io.respawn.core.State;
import io.respawn.journal.LocalJournal;
import io.respawn.journal.MemoryJournal;
import io.respawn.journal.Restored;
import io.respawn.journal.StateDirectory;
import io.respawn.linux.ProcFs;
import io.respawn.model.HostIdentity;
import io.respawn.model.Plan;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Journal;
import io.respawn.supervise.SpawnLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is remembered on this machine: the state directory, its lock, its journal, and the state made from it. */
final class Memory implements AutoCloseable {

    private final HostIdentity host = new HostIdentity(ProcFs.bootId(), ProcFs.pidNamespaceInode());
    private final Restored restored;
    private final State state;
    private final Journal journal;
    private final SpawnLog spawnLog;
    private final Optional<String> trouble;
    private final StateDirectory.@Nullable Usable directory;

    /** Opens the directory, or does without one and says so. */
    static Memory open(Plan plan, Settings settings, EventSink sink) {
        return new Memory(plan, StateDirectory.open(settings.stateDirectory(), plan.id(), System.getenv()), sink);
    }

    private Memory(Plan plan, StateDirectory found, EventSink sink) {
        switch (found) {
            case StateDirectory.Held held -> throw new CannotStartException(held.reason());
            case StateDirectory.Usable usable -> {
                directory = usable;
                trouble = Optional.empty();
                restored = LocalJournal.restore(usable.path(), host);
                LocalJournal local = new LocalJournal(usable.path(), host, restored, sink, LocalJournal.DEFAULT_LIMIT);
                journal = local;
                spawnLog = local;
            }
            case StateDirectory.Unusable unusable -> {
                directory = null;
                trouble = Optional.of(unusable.reason());
                restored = Restored.NOTHING;
                MemoryJournal none = new MemoryJournal();
                journal = none;
                spawnLog = none;
            }
        }
        state = new State(plan, restored.ledger().orElse(Ledger.fresh(host)));
        restored.records().forEach(state::fold);
    }

    HostIdentity host() {
        return host;
    }

    State state() {
        return state;
    }

    Journal journal() {
        return journal;
    }

    SpawnLog spawnLog() {
        return spawnLog;
    }

    List<Batch> unacknowledged() {
        return restored.unacknowledged();
    }

    List<Found> spawned() {
        return List.copyOf(restored.spawned().values());
    }

    /** Nothing was found here: Kafka may know more. */
    boolean isFresh() {
        return restored.ledger().isEmpty();
    }

    Optional<Path> directory() {
        return Optional.ofNullable(directory).map(StateDirectory.Usable::path);
    }

    /** Why everything is kept in memory only. */
    Optional<String> trouble() {
        return trouble;
    }

    /** Ends the journal before the lock, so that the next owner finds it complete. */
    @Override
    public void close() {
        if (journal instanceof LocalJournal local) {
            local.close();
        }
        if (directory != null) {
            directory.lock().close();
        }
    }
}
