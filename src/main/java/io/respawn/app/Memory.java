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
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is remembered on this machine: the state directory, its lock, its journal, and the state made from it. */
final class Memory implements AutoCloseable {

    private final HostIdentity host;
    private final Restored restored;
    private final State state;
    private final Journal journal;
    private final SpawnLog spawnLog;
    private final Optional<String> trouble;
    private final StateDirectory.@Nullable Usable directory;

    /** Opens the directory, or does without one and says so. */
    static Memory open(Plan plan, Settings settings, EventSink sink) {
        HostIdentity host = here();
        return new Memory(
                host,
                StateDirectory.open(settings.stateDirectory(), plan.id(), System.getenv()),
                path -> LocalJournal.restore(path, host),
                Restored.NOTHING,
                restored -> made(plan, host, restored),
                sink);
    }

    /** Takes it over from the image before this one, whose capsule says more than its journal. */
    static Memory inherit(Capsule capsule, EventSink sink) {
        Restored left = new Restored(
                Optional.of(capsule.continuation().ledger()),
                capsule.continuation().records(),
                capsule.unacknowledged(),
                Map.of(),
                List.of());
        StateDirectory found = capsule.place()
                .map(place -> StateDirectory.inherit(place.directory(), place.lock()))
                .orElseGet(() -> new StateDirectory.Unusable(capsule.trouble().orElse("")));
        return new Memory(
                here(),
                found,
                path -> left,
                left,
                restored -> State.resume(capsule.plan(), capsule.continuation()),
                sink);
    }

    private Memory(
            HostIdentity host,
            StateDirectory found,
            Function<Path, Restored> onDisk,
            Restored inMemory,
            Function<Restored, State> making,
            EventSink sink) {
        this.host = host;
        switch (found) {
            case StateDirectory.Held held -> throw new CannotStartException(held.reason());
            case StateDirectory.Usable usable -> {
                directory = usable;
                trouble = Optional.empty();
                restored = onDisk.apply(usable.path());
                LocalJournal local = new LocalJournal(usable.path(), host, restored, sink, LocalJournal.DEFAULT_LIMIT);
                journal = local;
                spawnLog = local;
            }
            case StateDirectory.Unusable unusable -> {
                directory = null;
                trouble = Optional.of(unusable.reason());
                restored = inMemory;
                MemoryJournal none = new MemoryJournal();
                journal = none;
                spawnLog = none;
            }
        }
        state = making.apply(restored);
    }

    private static HostIdentity here() {
        return new HostIdentity(ProcFs.bootId(), ProcFs.pidNamespaceInode());
    }

    private static State made(Plan plan, HostIdentity host, Restored restored) {
        State state = new State(plan, restored.ledger().orElse(Ledger.fresh(host)));
        restored.records().forEach(state::fold);
        return state;
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

    /** The same with the descriptor of its lock, for another image of this process. */
    Optional<Capsule.Place> place() {
        return Optional.ofNullable(directory)
                .map(held -> new Capsule.Place(held.path(), held.lock().fd()));
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
