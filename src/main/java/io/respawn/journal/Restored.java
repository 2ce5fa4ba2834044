package io.respawn.journal;

import io.respawn.core.Batch;
import io.respawn.core.Event.Noted;
import io.respawn.core.Ledger;
import io.respawn.core.StateRecord;
import io.respawn.model.InstanceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a journal held.
 *
 * @param ledger of the last batch; its host tells whether the processes in the records can still be there
 * @param records folded by key, without tombstones
 * @param unacknowledged batches that Kafka may not have, in order; their records are in {@code records} already
 * @param notes the last one that the spawner made of each instance on this very host
 * @param warnings what had to be cut off, set aside or skipped, for people
 */
public record Restored(
        Optional<Ledger> ledger,
        List<StateRecord> records,
        List<Batch> unacknowledged,
        Map<InstanceId, Noted> notes,
        List<String> warnings) {

    /** Nothing: the first start. */
    public static final Restored NOTHING = new Restored(Optional.empty(), List.of(), List.of(), Map.of(), List.of());

    public Restored {
        records = List.copyOf(records);
        unacknowledged = List.copyOf(unacknowledged);
        notes = Map.copyOf(notes);
        warnings = List.copyOf(warnings);
    }
}
