package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Event.Found;
import io.respawn.core.Ledger;
import io.respawn.core.State;
import io.respawn.model.InstanceId;
import io.respawn.model.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The local journal: keeps every batch, and the spawner's notes, over the death of the sidecar. */
final class SimJournal {

    private final List<Batch> batches = new ArrayList<>();
    private final Map<InstanceId, Found> notes = new TreeMap<>();
    private State replay;

    SimJournal(Plan plan, Ledger ledger) {
        replay = new State(plan, ledger);
    }

    void append(Batch batch) {
        batches.add(batch);
        batch.records().forEach(replay::fold);
        replay.fold(batch.ledger());
    }

    void note(Found spawned) {
        notes.put(spawned.instance(), spawned);
    }

    /** Everything on this machine is gone. */
    void lose(Plan plan, Ledger ledger) {
        batches.clear();
        notes.clear();
        replay = new State(plan, ledger);
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    List<Found> notes() {
        return List.copyOf(notes.values());
    }

    List<Batch> after(long seq) {
        return batches.stream().filter(batch -> batch.seq() > seq).toList();
    }

    /** What a replay of all batches gives; live has to be the same at any moment. */
    State replay() {
        return replay;
    }

    /** A state made from the journal, as a new life makes it. */
    State restore(Plan plan, Ledger fresh) {
        State state = new State(plan, fresh);
        for (Batch batch : batches) {
            batch.records().forEach(state::fold);
            state.fold(batch.ledger());
        }
        return state;
    }
}
