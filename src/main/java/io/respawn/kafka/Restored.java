package io.respawn.kafka;

import io.respawn.core.Ledger;
import io.respawn.core.StateRecord;
import java.util.List;
import java.util.Optional;

/** What the state topic holds of this sidecar. */
record Restored(Optional<Ledger> ledger, List<StateRecord> records) {
    Restored {
        records = List.copyOf(records);
    }

    long epoch() {
        return ledger.map(Ledger::epoch).orElse(0L);
    }
}
