package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Batch;
import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.PublicEvent;
import io.respawn.core.StateRecord;
import io.respawn.edges.Samples;
import io.respawn.model.HostIdentity;
import io.respawn.model.Position;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OutboxTest {

    private final Statistics statistics = new Statistics();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final Outbox outbox = new Outbox(100, statistics, nanos::get);

    @Test
    void keepsEveryEventAndOneRecordPerKeyWhenTooManyWait() {
        // given, when
        IntStream.rangeClosed(1, 1_000).forEach(i -> outbox.offer(batch(1, i)));
        List<Batch> all = outbox.take(Integer.MAX_VALUE, Long.MAX_VALUE);

        // then
        assertThat(all).hasSizeLessThanOrEqualTo(100);
        assertThat(all.stream().flatMap(batch -> batch.events().stream()).map(PublicEvent::id))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 1_000).mapToObj(i -> "e" + i).toList());
        assertThat(all.getFirst().records()).hasSize(1);
        assertThat(all.getLast().seq()).isEqualTo(1_000);
        assertThat(statistics.faults()).containsKey("kafka-batches-merged");
    }

    @Test
    void neverMergesAcrossTheClaimOfAnEpoch() {
        // given
        IntStream.rangeClosed(1, 30).forEach(i -> outbox.offer(batch(1, i)));
        IntStream.rangeClosed(31, 101).forEach(i -> outbox.offer(batch(2, i)));

        // when
        List<Batch> claim = outbox.takeThrough(2);

        // then
        assertThat(claim).extracting(Batch::epoch).containsExactly(1L, 2L);
    }

    @Test
    void whatIsInFlightComesBackInOrderUnlessItIsCommitted() {
        // given
        IntStream.rangeClosed(1, 6).forEach(i -> outbox.offer(batch(1, i)));
        outbox.take(4, Long.MAX_VALUE);

        // when
        outbox.reconcile(batch(1, 2).ledger());

        // then
        assertThat(outbox.take(100, Long.MAX_VALUE)).extracting(Batch::seq).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void aClaimThatWasCommittedUnheardTookEarlierEpochsAlong() {
        // given: what an earlier life left, the claim, and what came after it
        outbox.precede(List.of(batch(1, 1), batch(1, 2)));
        IntStream.rangeClosed(3, 5).forEach(i -> outbox.offer(batch(2, i)));
        outbox.takeThrough(2);

        // when
        outbox.reconcile(batch(2, 3).ledger());

        // then
        assertThat(outbox.take(100, Long.MAX_VALUE)).extracting(Batch::seq).containsExactly(4L, 5L);
    }

    @Test
    void isNotEmptyWhileSomethingIsInFlight() {
        // given
        outbox.offer(batch(1, 1));

        // when
        outbox.take(1, 1);

        // then
        assertThat(outbox.isEmpty()).isFalse();
        outbox.landed();
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void newsOfServicesAloneWaitsAMomentForCompany() {
        // given
        outbox.offer(batch(1, 1));
        Duration first = outbox.patience();

        // when
        nanos.addAndGet(Outbox.PATIENCE.toNanos() - 1);
        outbox.offer(batch(1, 2));

        // then: what comes later does not make the first one wait longer, over a turn of the counter too
        assertThat(first).isEqualTo(Outbox.PATIENCE);
        assertThat(outbox.patience()).isEqualTo(Duration.ofNanos(1));
        nanos.incrementAndGet();
        assertThat(outbox.patience()).isZero();
        assertThat(outbox.take(100, Long.MAX_VALUE)).hasSize(2);
        assertThat(outbox.patience()).isEqualTo(Outbox.IDLE);
    }

    @Test
    void anOrderDoesNotWaitAndTakesTheNewsAlong() {
        // given
        outbox.offer(batch(1, 1));

        // when
        outbox.offer(new Batch(
                batch(1, 2).ledger(), List.of(Samples.intent("order", 1, new Intent.Pending())), List.of(), List.of()));

        // then
        assertThat(outbox.patience()).isZero();
        assertThat(outbox.take(100, Long.MAX_VALUE)).hasSize(2);
        outbox.offer(batch(1, 3));
        assertThat(outbox.patience()).isEqualTo(Outbox.PATIENCE);
    }

    @Test
    void nothingWaitsWhenSomebodyWaitsForAllOfIt() {
        // given
        outbox.offer(batch(1, 1));

        // when
        outbox.hurry();

        // then
        assertThat(outbox.patience()).isZero();
    }

    @Test
    void whatCouldNotBeWrittenIsTriedAgainAtOnce() {
        // given
        outbox.offer(batch(1, 1));
        outbox.take(1, 1);

        // when
        outbox.putBack();

        // then
        assertThat(outbox.patience()).isZero();
    }

    @Test
    void waitsUntilACommandIsAcceptedAndNotForWhatElseComes() throws InterruptedException {
        // given
        outbox.offer(batch(1, 1, 7));
        Thread loop = Thread.ofPlatform().start(() -> {
            outbox.offer(batch(1, 2, 7));
            outbox.offer(batch(1, 3, 8));
        });

        // when
        outbox.awaitAcceptance(new Position("commands", 0, 7), Duration.ofMinutes(1));

        // then
        assertThat(outbox.held()).extracting(Batch::seq).containsExactly(1L, 2L, 3L);
        loop.join();
    }

    @Test
    @Timeout(10)
    void waitsNoLongerThanItIsTold() {
        outbox.offer(batch(1, 1, 7));
        outbox.awaitAcceptance(new Position("commands", 0, 7), Outbox.MOMENT);
        assertThat(outbox.held()).hasSize(1);
    }

    static Batch batch(long epoch, long seq) {
        return batch(epoch, seq, 0);
    }

    private static Batch batch(long epoch, long seq, long position) {
        Ledger ledger =
                new Ledger(epoch, seq, new HostIdentity("boot", 1), new TreeMap<>(Map.of("commands-0", position)), 0);
        StateRecord record = new StateRecord.ServiceTombstone(new ServiceName("web"));
        return new Batch(ledger, List.of(record), List.of(Sidecar.event("e" + seq)), List.of());
    }
}
