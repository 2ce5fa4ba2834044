package io.respawn.core;

import java.util.List;

/**
 * What one step made durable: written to the local journal by one write, and to Kafka in one transaction.
 *
 * @param ledger as it is after the step; its epoch and seq name the batch
 */
public record Batch(Ledger ledger, List<StateRecord> records, List<PublicEvent> events, List<DeadLetter> deadLetters) {

    public Batch {
        records = List.copyOf(records);
        events = List.copyOf(events);
        deadLetters = List.copyOf(deadLetters);
    }

    public long seq() {
        return ledger.seq();
    }

    public long epoch() {
        return ledger.epoch();
    }
}
