package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Event.Noted;
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
    private final Map<InstanceId, Noted> notes = new TreeMap<>();
    private State replay;
    private boolean full;
    private long acknowledged;

    SimJournal(Plan plan, Ledger ledger) {
        replay = new State(plan, ledger);
    }

    void append(Batch batch) {
        if (!full) {
            batches.add(batch);
        }
        batch.records().forEach(replay::fold);
        replay.fold(batch.ledger());
    }

    void note(Noted note) {
        if (!full) {
            notes.put(note.instance(), note);
        }
    }

    /** From now on nothing reaches the disk. */
    void fill() {
        full = true;
    }

    boolean isFull() {
        return full;
    }

    /** How many batches are on the disk. */
    int length() {
        return batches.size();
    }

    /** A write was torn: only so many batches are on the disk. */
    void tear(int whole, Plan plan, Ledger fresh) {
        batches.subList(whole, batches.size()).clear();
        replay = restore(plan, fresh);
    }

    /** There is room again, and what was not written is forgotten. */
    void forgetUnwritten(Plan plan, Ledger fresh) {
        full = false;
        replay = restore(plan, fresh);
    }

    /** Everything on this machine is gone. */
    void lose(Plan plan, Ledger ledger) {
        batches.clear();
        notes.clear();
        full = false;
        acknowledged = 0;
        replay = new State(plan, ledger);
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    List<Noted> notes() {
        return List.copyOf(notes.values());
    }

    /** What Kafka may not have. */
    List<Batch> unacknowledged() {
        return batches.stream().filter(batch -> batch.seq() > acknowledged).toList();
    }

    void acknowledged(long seq) {
        if (!full) {
            acknowledged = seq;
        }
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
