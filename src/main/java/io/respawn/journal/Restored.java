package io.respawn.journal;

import io.respawn.core.Batch;
import io.respawn.core.Event.Found;
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
 * @param spawned the newest process of each instance that the spawner noted on this very host
 * @param warnings what had to be cut off, set aside or skipped, for people
 */
public record Restored(
        Optional<Ledger> ledger,
        List<StateRecord> records,
        List<Batch> unacknowledged,
        Map<InstanceId, Found> spawned,
        List<String> warnings) {

    /** Nothing: the first start. */
    public static final Restored NOTHING = new Restored(Optional.empty(), List.of(), List.of(), Map.of(), List.of());

    public Restored {
        records = List.copyOf(records);
        unacknowledged = List.copyOf(unacknowledged);
        spawned = Map.copyOf(spawned);
        warnings = List.copyOf(warnings);
    }
}
