package io.respawn.journal;

import io.respawn.core.Batch;
import io.respawn.core.Event.Noted;
import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.core.StateRecord.IntentTombstone;
import io.respawn.core.StateRecord.ServiceTombstone;
import io.respawn.core.Thinning;
import io.respawn.model.InstanceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the entries of a journal amount to. Not thread-safe. */
final class Fold {

    /** As many batches, or as much news of services' lives in them, are kept as they are. */
    private static final int PLENTY = 5_000;

    private Optional<Ledger> ledger = Optional.empty();
    private final Map<String, StateRecord> records = new LinkedHashMap<>();
    private ArrayDeque<Batch> unacknowledged = new ArrayDeque<>();
    private int thinAt = 2 * PLENTY;
    private final Map<InstanceId, Noted> notes = new LinkedHashMap<>();

    /** A copy that later entries do not change. */
    record Image(Optional<Ledger> ledger, List<StateRecord> records, List<Batch> unacknowledged, List<Noted> notes) {}

    static Fold of(Restored restored) {
        Fold fold = new Fold();
        restored.ledger().ifPresent(ledger -> fold.state(new Batch(ledger, restored.records(), List.of(), List.of())));
        fold.unacknowledged.addAll(restored.unacknowledged());
        restored.notes().values().forEach(fold::noted);
        return fold;
    }

    void batches(List<Batch> group) {
        int known = known(group);
        group.forEach(this::state);
        unacknowledged.addAll(group.subList(known, group.size()));
        if (unacknowledged.size() > thinAt) {
            unacknowledged =
                    new ArrayDeque<>(Thinning.of(unacknowledged, PLENTY).batches());
            thinAt = Math.max(2 * PLENTY, 2 * unacknowledged.size());
        }
    }

    /** They come again if memory gave out while they were written; so many of them are here. */
    private int known(List<Batch> group) {
        Batch last = unacknowledged.peekLast();
        for (int i = 0; last != null && i < group.size(); i++) {
            if (group.get(i).seq() == last.seq() && group.get(i).equals(last)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Takes over what a batch says without it being owed to Kafka. */
    void state(Batch batch) {
        ledger = Optional.of(batch.ledger());
        batch.records().forEach(this::fold);
    }

    void noted(Noted note) {
        notes.merge(note.instance(), note, (old, next) -> next.incarnation() >= old.incarnation() ? next : old);
    }

    void acknowledged(long seq) {
        while (!unacknowledged.isEmpty() && unacknowledged.getFirst().seq() <= seq) {
            unacknowledged.removeFirst();
        }
        if (unacknowledged.isEmpty()) {
            thinAt = 2 * PLENTY;
        }
    }

    Image image() {
        return new Image(
                ledger, List.copyOf(records.values()), List.copyOf(unacknowledged), new ArrayList<>(notes.values()));
    }

    private void fold(StateRecord record) {
        switch (record) {
            case Service service -> records.put(service.key(), service);
            case Intent intent -> records.put(intent.key(), intent);
            case IntentTombstone tombstone -> records.remove(tombstone.key());
            case ServiceTombstone tombstone -> {
                records.remove(tombstone.key());
                notes.keySet().removeIf(instance -> instance.service().equals(tombstone.name()));
            }
        }
    }
}
