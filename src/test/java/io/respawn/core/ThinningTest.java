package io.respawn.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinningTest {

    private static final StateRecord WEB = new StateRecord.ServiceTombstone(new ServiceName("web"));

    private static PublicEvent event(String id, String type) {
        return new PublicEvent(
                id,
                type,
                Instant.EPOCH,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.<IntentId>empty(),
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

    private static Batch batch(long epoch, long seq, List<PublicEvent> events) {
        Ledger ledger = new Ledger(epoch, seq, Machines.HOST, new TreeMap<>(), 0);
        return new Batch(ledger, List.of(WEB), events, List.of());
    }

    private static PublicEvent life(long number) {
        return event("life-" + number, PublicEvent.serviceType("exited"));
    }

    private static PublicEvent outcome(long number) {
        return event("outcome-" + number, PublicEvent.intentType("succeeded"));
    }

    @Test
    void givesUpTheOldestNewsOfServicesAndNoOutcome() {
        // given: a hundred batches with an outcome and a piece of news each
        List<Batch> batches = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> batch(1, i, List.of(life(i), outcome(i))))
                .toList();
        // when
        Thinning.Thinned thinned = Thinning.of(batches, 10);
        // then
        List<String> ids = thinned.batches().stream()
                .flatMap(batch -> batch.events().stream())
                .map(PublicEvent::id)
                .toList();
        assertThat(ids).filteredOn(id -> id.startsWith("outcome")).hasSize(100);
        assertThat(ids)
                .filteredOn(id -> id.startsWith("life"))
                .hasSize(10)
                .first()
                .isEqualTo("life-91");
        assertThat(thinned.dropped()).isEqualTo(90);
        assertThat(thinned.batches()).extracting(Batch::seq).isSorted();
    }

    @Test
    void keepsTheLastRecordOfAKeyAndNoEmptyBatch() {
        // given
        List<Batch> batches = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> batch(1, i, List.of(life(i))))
                .toList();
        // when
        List<Batch> left = Thinning.of(batches, 5).batches();
        // then
        assertThat(left).extracting(Batch::seq).containsExactly(96L, 97L, 98L, 99L, 100L);
        assertThat(left.getLast().records()).containsExactly(WEB);
        assertThat(left.subList(0, 4))
                .allSatisfy(batch -> assertThat(batch.records()).isEmpty());
    }

    @Test
    void keepsABatchOfEveryEpoch() {
        // given
        List<Batch> batches =
                List.of(batch(1, 1, List.of(life(1))), batch(1, 2, List.of(life(2))), batch(2, 3, List.of(outcome(3))));
        // when
        List<Batch> left = Thinning.of(batches, 0).batches();
        // then
        assertThat(left).extracting(Batch::epoch).containsExactly(1L, 2L);
        assertThat(left.getFirst().seq()).isEqualTo(2);
    }
}
