package io.respawn.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything the machine knows, as it rides in a capsule: a state made from it goes on as if nothing had happened.
 *
 * @param records services, then intents in the order in which they came
 */
public record Continuation(Ledger ledger, List<StateRecord> records, Standing.Kept standing) {

    public Continuation {
        records = List.copyOf(records);
    }

    /** Of a state between two steps. */
    static Continuation of(State state) {
        List<StateRecord> records = new ArrayList<>(state.services().values());
        records.addAll(state.intents().values());
        return new Continuation(state.ledger(), records, state.standing().kept());
    }
}
