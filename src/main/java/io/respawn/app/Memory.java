package io.respawn.app;

import io.respawn.config.Settings;
import io.respawn.core.Batch;
import io.respawn.core.Event.Noted;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.Ledger;
import io.respawn.core.State;
import io.respawn.journal.LocalJournal;
import io.respawn.journal.MemoryJournal;
import io.respawn.journal.Restored;
import io.respawn.journal.StateDirectory;
import io.respawn.linux.ProcFs;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.Plan;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Journal;
import io.respawn.supervise.ProcessRunner.Known;
import io.respawn.supervise.SpawnLog;
import java.nio.file.Path;
import java.util.ArrayList;
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

    List<Noted> notes() {
        return List.copyOf(restored.notes().values());
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

    /** What the records say about processes; identities of another boot or host mean nothing here. */
    List<Known> known(Plan plan) {
        boolean sameHost = state().ledger().host().equals(host());
        List<Known> known = new ArrayList<>();
        state().services()
                .values()
                .forEach(service -> service.instances().forEach(instance -> {
                    Optional<ProcessIdentity> identity = sameHost ? identity(instance) : Optional.empty();
                    known.add(new Known(instance.id(), instance.incarnation(), identity));
                }));
        for (ServiceName name : plan.services().keySet()) {
            if (!state().services().containsKey(name)) {
                known.add(new Known(new InstanceId(name, 0), 0, Optional.empty()));
            }
        }
        return known;
    }

    /** Recorded, or noted by the spawner when the record could not follow any more. */
    private Optional<ProcessIdentity> identity(Instance instance) {
        if (instance.state() instanceof InstanceState.Starting) {
            return notes().stream()
                    .filter(note -> note.instance().equals(instance.id()))
                    .filter(note -> note.incarnation() == instance.incarnation())
                    .flatMap(note -> note.process().stream())
                    .findFirst();
        }
        return instance.state().identity();
    }
}
