package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.codec.RecordCodec;
import io.respawn.core.Batch;
import io.respawn.core.DeadLetter;
import io.respawn.core.Ledger;
import io.respawn.core.PublicEvent;
import io.respawn.model.HostIdentity;
import io.respawn.model.Position;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Statistics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class WriteSetsTest {

    private final Statistics statistics = new Statistics();
    private final WriteSets sets =
            new WriteSets(new SidecarId("demo"), KafkaSettings.of(Map.of()), new RecordCodec(field -> {}), statistics);

    @Test
    void recordsOfBatchesBeforeTheClaimAreLeftOutButNotTheirEvents() {
        // given
        List<Batch> batches = List.of(OutboxTest.batch(1, 4), OutboxTest.batch(1, 5), OutboxTest.batch(2, 6));

        // when Kafka has the first
        WriteSet set = sets.ofClaim(
                batches, new Restored(Optional.of(OutboxTest.batch(1, 4).ledger()), List.of()));

        // then
        assertThat(set.records())
                .extracting(ProducerRecord::topic)
                .containsExactly("respawn.events", "respawn.events", "respawn.state", "respawn.state");
    }

    @Test
    void recordsOfTheClaimThatAreThereAlreadyAreNotWrittenAgain() {
        // given
        Batch claim = OutboxTest.batch(2, 6);
        Batch there = OutboxTest.batch(1, 4);

        // when
        WriteSet same = sets.ofClaim(List.of(claim), new Restored(Optional.of(there.ledger()), claim.records()));
        WriteSet different = sets.ofClaim(List.of(claim), new Restored(Optional.of(there.ledger()), List.of()));

        // then only the ledger is left
        assertThat(same.records())
                .extracting(ProducerRecord::topic)
                .filteredOn(topic -> topic.equals("respawn.state"))
                .hasSize(1);
        assertThat(different.records())
                .extracting(ProducerRecord::topic)
                .filteredOn(topic -> topic.equals("respawn.state"))
                .hasSize(2);
    }

    @Test
    void eventsThatAnEarlierClaimTookAlongAreNotWrittenAgain() {
        // given batches of a first life, and a second life that was killed before it heard that its claim was committed
        List<Batch> batches =
                List.of(OutboxTest.batch(1, 4), OutboxTest.batch(1, 5), OutboxTest.batch(2, 6), OutboxTest.batch(3, 7));

        // when
        WriteSet set = sets.ofClaim(
                batches, new Restored(Optional.of(OutboxTest.batch(2, 6).ledger()), List.of()));

        // then only the third life's own event is new
        assertThat(set.records())
                .extracting(ProducerRecord::topic)
                .filteredOn(topic -> topic.equals("respawn.events"))
                .hasSize(1);
    }

    @Test
    void eventsAreWrittenWhenAnotherHostTookOverSince() {
        // given
        List<Batch> batches = List.of(OutboxTest.batch(1, 4), OutboxTest.batch(2, 5), OutboxTest.batch(3, 6));
        Ledger theirs = new Ledger(2, 9, new HostIdentity("another-boot", 1), new TreeMap<>(), 0);

        // when
        WriteSet set = sets.ofClaim(batches, new Restored(Optional.of(theirs), List.of()));

        // then
        assertThat(set.records())
                .extracting(ProducerRecord::topic)
                .filteredOn(topic -> topic.equals("respawn.events"))
                .hasSize(3);
    }

    @Test
    void deadLetterThatNoBrokerWouldTakeKeepsItsKeyAndSaysWhatIsMissing() {
        // given
        DeadLetter letter = new DeadLetter(
                new Position("respawn.commands", 1, 2),
                Optional.of(new byte[] {1}),
                Optional.of(new byte[WriteSets.LONGEST + 1]),
                List.of(),
                "Cannot read it",
                Instant.EPOCH);
        Batch batch = new Batch(OutboxTest.batch(1, 1).ledger(), List.of(), List.of(), List.of(letter));

        // when
        ProducerRecord<byte[], byte[]> record =
                sets.of(List.of(batch)).records().getFirst();

        // then
        assertThat(record.key()).containsExactly(1);
        assertThat(record.value()).isNull();
        assertThat(record.headers().lastHeader("respawn-dead-letter-omitted")).isNotNull();
        assertThat(statistics.faults()).containsKey("kafka-dead-letter-too-large");
    }

    @Test
    void ledgerThatNoBrokerWouldTakeIsRefusedInWords() {
        // given
        TreeMap<String, Long> positions = IntStream.range(0, 60_000)
                .boxed()
                .collect(Collectors.toMap(i -> "respawn.commands-" + i, i -> 1L, Long::sum, TreeMap::new));
        Ledger ledger = new Ledger(1, 1, new HostIdentity("boot", 1), positions, 0);
        Batch batch = new Batch(ledger, List.of(), List.<PublicEvent>of(), List.of());

        // when, then
        assertThatThrownBy(() -> sets.of(List.of(batch)))
                .isInstanceOf(SessionException.Refused.class)
                .hasMessageStartingWith("Cannot write the record demo");
        assertThat(statistics.faults()).containsKey("kafka-record-too-large");
    }
}
