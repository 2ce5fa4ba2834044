package io.respawn.core;

import static io.respawn.core.Machines.HOST;
import static io.respawn.core.Machines.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.IntentId;
import io.respawn.testing.Commands;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which outcomes a claim still tells of what was decided before it. */
class OutcomesTest {

    private static final IntentId ID = new IntentId("r");

    @Test
    void whatIsNotOnKafkaIsTold() {
        assertThat(told(
                        List.of(pending()),
                        batch(1, List.of(), "r/started", "r/succeeded"),
                        batch(2, List.of(ended()))))
                .containsExactly("r/started", "r/succeeded");
    }

    @Test
    void whatHasEndedOnKafkaIsNotToldAgain() {
        assertThat(told(List.of(ended()), batch(1, List.of(), "r/started", "r/failed"), batch(2, List.of())))
                .containsExactly("r/started");
    }

    @Test
    void whatTheClaimTakesBackIsNotTold() {
        assertThat(told(List.of(pending()), batch(1, List.of(), "r/rejected"), batch(2, List.of())))
                .isEmpty();
    }

    @Test
    void whatTheClaimItselfTellsIsNotToldBefore() {
        assertThat(told(List.of(), batch(1, List.of(), "r/rejected"), batch(2, List.of(ended()), "r/succeeded")))
                .isEmpty();
    }

    @Test
    void ofSeveralTheLastOneIsTold() {
        Batch[] batches = {
            batch(1, List.of(), "r/rejected", "r/rejected/respawn.commands-0@7"),
            batch(2, List.of(), "r/expired"),
            batch(3, List.of(ended()))
        };
        assertThat(told(List.of(), batches)).containsExactly("r/rejected/respawn.commands-0@7", "r/expired");
    }

    @Test
    void whatIsForgottenByNowIsTold() {
        Batch claim = batch(2, List.of(new StateRecord.IntentTombstone(ID)));
        assertThat(told(List.of(pending()), batch(1, List.of(), "r/succeeded"), claim))
                .containsExactly("r/succeeded");
    }

    private static List<String> told(List<StateRecord> found, Batch... batches) {
        return Outcomes.toTell(List.of(batches), found).stream()
                .flatMap(batch -> batch.events().stream())
                .map(PublicEvent::id)
                .toList();
    }

    private static Batch batch(long seq, List<StateRecord> records, String... events) {
        Ledger ledger = new Ledger(1, seq, HOST, new TreeMap<>(), 0);
        return new Batch(
                ledger, records, Stream.of(events).map(OutcomesTest::event).toList(), List.of());
    }

    private static Intent pending() {
        return new Intent(
                Commands.of(ID, Action.RESTART, WEB).made(),
                0,
                Intent.Origin.TOPIC,
                Optional.empty(),
                Instant.EPOCH,
                new Intent.Pending());
    }

    private static Intent ended() {
        return pending().in(new Intent.Ended(Outcome.SUCCEEDED, Instant.EPOCH, "", List.of()));
    }

    private static PublicEvent event(String id) {
        return new PublicEvent(
                id,
                PublicEvent.intentType(id.split("/", -1)[1]),
                Instant.EPOCH,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(ID),
                "",
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                "",
                "",
                "",
                "",
                "");
    }
}
