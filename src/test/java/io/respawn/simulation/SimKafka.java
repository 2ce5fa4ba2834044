package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.StateRecord;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The broker: a command topic of one partition, the compacted state, and the events in the order of their commit. */
final class SimKafka {

    static final String TOPIC = "respawn.commands";

    private final List<Command> commands = new ArrayList<>();
    private final Map<String, StateRecord> state = new LinkedHashMap<>();
    private final Set<IntentId> startedIntents = new HashSet<>();
    private Optional<Ledger> ledger = Optional.empty();
    private boolean available = true;
    private final Audit audit;

    SimKafka(Audit audit) {
        this.audit = audit;
    }

    void send(Command command) {
        commands.add(command);
    }

    Optional<Command> read(long offset) {
        return offset < commands.size() ? Optional.of(commands.get((int) offset)) : Optional.empty();
    }

    static Position position(long offset) {
        return new Position(TOPIC, 0, offset);
    }

    long end() {
        return commands.size();
    }

    boolean isAvailable() {
        return available;
    }

    void available(boolean next) {
        available = next;
    }

    Optional<Ledger> ledger() {
        return ledger;
    }

    List<StateRecord> records() {
        return List.copyOf(state.values());
    }

    /** Whether the record that says "started" is committed. */
    boolean hasStarted(IntentId intent) {
        return startedIntents.contains(intent);
    }

    /** One transaction: its ledger is the last one's. What was committed before is not written twice. */
    void commit(List<Batch> batches) {
        Optional<Ledger> before = ledger;
        for (Batch batch : batches) {
            boolean known = before.filter(l -> l.epoch() == batch.epoch() && batch.seq() <= l.seq())
                    .isPresent();
            if (!known) {
                batch.records().forEach(this::put);
                batch.events().forEach(audit::committed);
                ledger = Optional.of(batch.ledger());
            }
        }
        long from = position(before);
        if (position(ledger) < from) {
            throw new AssertionError("the position went back from " + from + " to " + position(ledger));
        }
    }

    private static long position(Optional<Ledger> of) {
        return of.map(l -> l.positions().getOrDefault(TOPIC + "-0", 0L)).orElse(0L);
    }

    private void put(StateRecord entry) {
        if (entry instanceof StateRecord.IntentTombstone || entry instanceof StateRecord.ServiceTombstone) {
            state.remove(entry.key());
        } else {
            state.put(entry.key(), entry);
        }
        if (entry instanceof Intent intent && !(intent.phase() instanceof Intent.Pending)) {
            startedIntents.add(intent.id());
        }
    }
}
