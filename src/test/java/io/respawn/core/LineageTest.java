package io.respawn.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Action;
import io.respawn.model.IntentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Batches with the same number are told apart by the life that wrote them. */
class LineageTest {

    private static Ledger ledger(long epoch, long seq, Lineage lineage) {
        return new Ledger(epoch, seq, Machines.HOST, new TreeMap<>(), 0, new TreeMap<>(), lineage, new TreeMap<>());
    }

    @Test
    void knowsWhatCameOfItself() {
        Ledger there = ledger(4, 75, Lineage.NONE.begun(70, "a"));
        assertThat(ledger(4, 80, Lineage.NONE.begun(70, "a").begun(78, "b")).descendsFrom(there))
                .isTrue();
        assertThat(ledger(4, 80, Lineage.NONE.begun(70, "a").begun(75, "b")).descendsFrom(there))
                .isFalse();
        assertThat(ledger(4, 74, Lineage.NONE.begun(70, "a")).descendsFrom(there))
                .isFalse();
        assertThat(ledger(5, 80, Lineage.NONE.begun(76, "a")).descendsFrom(there))
                .isFalse();
    }

    @Test
    void aLifeThatBeginsFurtherBackReplacesThoseThatBeganLater() {
        assertThat(Lineage.NONE.begun(10, "a").begun(20, "b").begun(15, "c").lives())
                .isEqualTo(new TreeMap<>(Map.of(10L, "a", 15L, "c")));
    }

    @Test
    void anOrderThatADiskForgotAndKafkaKnowsIsStillCarriedOut() {
        // given: what Kafka has, the last of which the disk lost
        Machines first = new Machines(Machines.spec(Machines.WEB, false)).started();
        first.feed(new Event.StateRestored(
                4, Optional.empty(), List.of(), new CommandTopics(Map.of(), Map.of(), Map.of())));
        Machines second = first.nextLife(Machines.spec(Machines.WEB, false));
        IntentId order = first.order(Action.STOP, Machines.WEB);
        List<StateRecord> there = new ArrayList<>(first.state.services().values());
        there.addAll(first.state.intents().values());
        Ledger theirs = first.state.ledger();
        // and two lives after it, which count on beyond that without Kafka
        for (int i = 0; i < 2; i++) {
            second = second.nextLife(Machines.spec(Machines.WEB, false)).started();
            second.feed(new Event.ShutdownRequested("SIGTERM", true));
            second.feed(new Event.Flushed(false));
        }
        Machines third = second.nextLife(Machines.spec(Machines.WEB, false)).started();
        assertThat(third.state.ledger().seq()).isGreaterThanOrEqualTo(theirs.seq());
        // when
        third.feed(new Event.StateRestored(
                5, Optional.of(theirs), there, new CommandTopics(Map.of(), Map.of(), Map.of())));
        // then
        assertThat(third.state.intent(order)).isPresent();
    }
}
