package io.respawn.supervise;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.State;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** Tells those who gave a local order as soon as it is as durable as it can be. Owned by the loop. */
final class Receipts {

    private record Waiting(long seq, Durability durability, Consumer<Durability> answer) {}

    private final List<Waiting> waiting = new ArrayList<>();
    private final State state;
    private final Journal journal;

    Receipts(State state, Journal journal) {
        this.state = state;
        this.journal = journal;
    }

    /** Where an order that is accepted now would be kept. */
    static Durability durability(State state) {
        if (state.standing().kafka() == KafkaStatus.LIVE) {
            return Durability.KAFKA;
        }
        return state.standing().isDurable() ? Durability.LOCAL : Durability.MEMORY;
    }

    void await(long seq, Consumer<Durability> answer) {
        Durability durability = durability(state);
        if (durability == Durability.MEMORY) {
            answer.accept(durability);
            return;
        }
        waiting.add(new Waiting(seq, durability, answer));
        if (durability == Durability.LOCAL) {
            journal.sync(seq);
        }
    }

    /** Looks whether an event that was just handled settles something. */
    void after(Event event) {
        switch (event) {
            case Event.BatchesCommitted committed -> settle(Durability.KAFKA, committed.seq());
            case Event.JournalSynced synced -> settle(Durability.LOCAL, synced.seq());
            case Event.JournalChanged ignored -> lookAgain();
            case Event.KafkaChanged ignored -> lookAgain();
            default -> {}
        }
    }

    private void settle(Durability durability, long seq) {
        for (Iterator<Waiting> it = waiting.iterator(); it.hasNext(); ) {
            Waiting next = it.next();
            // Kafka is more than anybody waits for, and may say so before its status does.
            boolean enough = durability == Durability.KAFKA || next.durability() == durability;
            if (enough && next.seq() <= seq) {
                next.answer().accept(durability);
                it.remove();
            }
        }
    }

    /** What was waited for may not come any more: wait for the next best. */
    private void lookAgain() {
        List<Waiting> before = List.copyOf(waiting);
        waiting.clear();
        before.forEach(next -> await(next.seq(), next.answer()));
    }
}
