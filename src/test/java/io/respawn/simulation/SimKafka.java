package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.StateRecord;
import io.respawn.model.Command;
import io.respawn.model.HostIdentity;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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

    /**
     * Another sidecar with the same id takes the state, and with it every command that was sent so far; it carries all of
     * them out, somewhere else.
     */
    void takenBy(HostIdentity rival, Instant now) {
        long epoch = ledger.map(Ledger::epoch).orElse(0L) + 1;
        long seq = ledger.map(Ledger::seq).orElse(0L) + 1;
        long order = ledger.map(Ledger::nextOrder).orElse(0L);
        List<Intent> open = new ArrayList<>();
        state.values().stream()
                .filter(Intent.class::isInstance)
                .map(Intent.class::cast)
                .filter(Intent::isOpen)
                .forEach(open::add);
        for (long offset = position(ledger); offset < end(); offset++) {
            Command command = commands.get((int) offset);
            if (!state.containsKey("intent/" + command.id())) {
                open.add(new Intent(
                        command,
                        order++,
                        Intent.Origin.TOPIC,
                        Optional.of(position(offset)),
                        now,
                        new Intent.Pending()));
            }
        }
        for (Intent intent : open) {
            Intent.Ended ended = new Intent.Ended(Intent.Outcome.SUCCEEDED, now, "elsewhere", intent.targets());
            put(new Intent(
                    intent.command(), intent.order(), intent.origin(), intent.position(), intent.acceptedAt(), ended));
            audit.endedElsewhere(intent.id());
        }
        ledger = Optional.of(new Ledger(epoch, seq, rival, new TreeMap<>(Map.of(TOPIC + "-0", end())), order));
    }

    /** The claim says all that differs; what came before it adds its events only. */
    void claim(List<Batch> batches, long epoch) {
        List<Batch> before = batches.stream().takeWhile(b -> b.epoch() != epoch).toList();
        before.stream()
                .filter(b -> ledger.filter(l -> l.epoch() == b.epoch() && b.seq() <= l.seq())
                        .isEmpty())
                .forEach(b -> b.events().forEach(audit::committed));
        commit(batches.subList(before.size(), batches.size()));
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
