package io.respawn.simulation;

import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.PublicEvent;
import io.respawn.core.StateRecord;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A broker with transactional producers, of which the last one that was opened may write. An append can be lost, be late,
 * arrive twice, or stay without an answer.
 */
final class SimBroker {

    static final String COMMANDS = "respawn.commands";
    static final String BROADCAST = "respawn.commands.broadcast";

    /** What a sender hears about its append. */
    enum Answer {
        COMMITTED,
        /** Certainly not committed; it may be sent again. */
        ABORTED,
        /** Nobody knows, or the producer is not the last one any more. */
        LOST
    }

    /** What befalls an append. */
    private enum Fate {
        CLEAN,
        LOST,
        LATE,
        TWICE,
        UNANSWERED,
        LOST_AND_UNANSWERED
    }

    /** One transaction. */
    record WriteSet(List<PublicEvent> events, List<StateRecord> records, Ledger ledger) {}

    /** A record on a command topic; others' only move the position. */
    record Sent(Command command, boolean ours) {}

    /** Whoever appends. */
    interface Writer {
        /** The broker has committed it, and has not yet said so. */
        void committed();

        void answered(Answer answer);
    }

    private final VirtualTime time;
    private final RandomGenerator random;
    private final IntentAudit audit;
    private final Sabotage sabotage;
    private final Map<String, List<Sent>> topics = new LinkedHashMap<>();
    private final Map<String, StateRecord> state = new LinkedHashMap<>();
    private final Set<IntentId> started = new LinkedHashSet<>();
    private final Set<Long> committed = new LinkedHashSet<>();
    private Optional<Ledger> ledger = Optional.empty();
    private boolean available = true;
    private boolean calm;
    private long producers;
    private long appends;
    private int refused;
    private int repeated;

    SimBroker(VirtualTime time, RandomGenerator random, IntentAudit audit, Sabotage sabotage) {
        this.time = time;
        this.random = random;
        this.audit = audit;
        this.sabotage = sabotage;
        topics.put(COMMANDS, new ArrayList<>());
        topics.put(BROADCAST, new ArrayList<>());
    }

    void send(String topic, Sent sent) {
        topics.get(topic).add(sent);
    }

    Optional<Sent> read(String topic, long offset) {
        List<Sent> records = topics.get(topic);
        return offset < records.size() ? Optional.of(records.get((int) offset)) : Optional.empty();
    }

    static Position position(String topic, long offset) {
        return new Position(topic, 0, offset);
    }

    Set<String> topics() {
        return topics.keySet();
    }

    boolean isAvailable() {
        return available;
    }

    void available(boolean next) {
        available = next;
    }

    /** From now on nothing goes wrong. */
    void calm() {
        calm = true;
        available = true;
    }

    Optional<Ledger> ledger() {
        return ledger;
    }

    List<StateRecord> records() {
        return List.copyOf(state.values());
    }

    Optional<StateRecord> entry(String key) {
        return Optional.ofNullable(state.get(key));
    }

    /** Whether the record that says "started" is committed. */
    boolean hasStarted(IntentId intent) {
        return started.contains(intent);
    }

    /** How many writes of producers that were not the last one any more were refused. */
    int refused() {
        return refused;
    }

    /** How many requests came again and were recognised. */
    int repeated() {
        return repeated;
    }

    /** A new producer takes the place of all others. */
    long open() {
        return ++producers;
    }

    void append(long producer, WriteSet set, Writer writer) {
        long number = ++appends;
        Fate fate = calm || random.nextInt(100) < 60 ? Fate.CLEAN : Fate.values()[random.nextInt(Fate.values().length)];
        switch (fate) {
            case CLEAN -> in(2 + random.nextInt(60), () -> arrive(producer, number, set, writer, true));
            case LOST -> in(200 + random.nextInt(3_000), () -> writer.answered(Answer.ABORTED));
            case LATE -> in(1_000 + random.nextInt(6_000), () -> arrive(producer, number, set, writer, true));
            case TWICE -> {
                in(2 + random.nextInt(60), () -> arrive(producer, number, set, writer, true));
                in(60 + random.nextInt(5_000), () -> arrive(producer, number, set, writer, false));
            }
            case UNANSWERED -> {
                in(2 + random.nextInt(2_000), () -> arrive(producer, number, set, writer, false));
                in(2_000 + random.nextInt(2_000), () -> writer.answered(Answer.LOST));
            }
            case LOST_AND_UNANSWERED -> in(2_000 + random.nextInt(2_000), () -> writer.answered(Answer.LOST));
        }
    }

    private void in(int millis, Runnable action) {
        time.in(Duration.ofMillis(millis), action);
    }

    private void arrive(long producer, long number, WriteSet set, Writer writer, boolean answers) {
        if (!available) {
            in(200 + random.nextInt(800), () -> arrive(producer, number, set, writer, answers));
            return;
        }
        boolean again = committed.contains(number) && sabotage != Sabotage.REPEATED_WRITE;
        boolean stale = !again && producer != producers && sabotage != Sabotage.STALE_WRITER;
        if (answers) {
            in(1 + random.nextInt(40), () -> writer.answered(stale ? Answer.LOST : Answer.COMMITTED));
        }
        if (again) {
            repeated++;
            return;
        }
        if (stale) {
            refused++;
            return;
        }
        committed.add(number);
        commit(set);
        writer.committed();
    }

    private void commit(WriteSet set) {
        Optional<Ledger> before = ledger;
        audit.committing(before, set.ledger());
        set.records().forEach(this::put);
        set.events().forEach(event -> audit.published(event));
        ledger = Optional.of(set.ledger());
        audit.committed(before, set.ledger());
    }

    private void put(StateRecord entry) {
        if (entry instanceof StateRecord.IntentTombstone || entry instanceof StateRecord.ServiceTombstone) {
            state.remove(entry.key());
        } else {
            state.put(entry.key(), entry);
        }
        if (entry instanceof Intent intent && !(intent.phase() instanceof Intent.Pending)) {
            started.add(intent.id());
        }
    }
}
