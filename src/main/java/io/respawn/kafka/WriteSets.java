package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.respawn.codec.EventCodec;
import io.respawn.codec.RecordCodec;
import io.respawn.codec.WireEvent;
import io.respawn.core.Batch;
import io.respawn.core.DeadLetter;
import io.respawn.core.Ledger;
import io.respawn.core.Outcomes;
import io.respawn.core.PublicEvent;
import io.respawn.core.StateRecord;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Statistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns batches into the records of one transaction: events and dead letters in order, then the last record of each key,
 * then the ledger. A record that no broker would take is an explicit fault, never a transaction that fails for ever.
 */
final class WriteSets {

    /** The value of an event or record may be this long; brokers take a little over 1 MiB with everything around it. */
    static final int LONGEST = 900 * 1024;

    private static final Logger LOG = Logger.getLogger(WriteSets.class);

    private static final byte[] NOTHING = {};
    private static final long NOTHING_THERE = Long.MIN_VALUE;

    private final SidecarId id;
    private final KafkaSettings.Topics topics;
    private final int statePartition;
    private final RecordCodec codec;
    private final Statistics statistics;

    WriteSets(SidecarId id, KafkaSettings settings, RecordCodec codec, Statistics statistics) {
        this.id = id;
        this.topics = settings.topics();
        this.statePartition = StateKeys.partition(id, settings.statePartitions());
        this.codec = codec;
        this.statistics = statistics;
    }

    /**
     * One set for all batches, in which the last record of each key wins.
     *
     * @throws SessionException.Refused when a state record is too long: then nothing may be written, since the ledger would
     *     say more than is there
     */
    WriteSet of(List<Batch> batches) {
        Batch merged = Outbox.merged(batches);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        merged.events().forEach(event -> event(event).ifPresent(records::add));
        merged.deadLetters().forEach(letter -> records.add(letter(letter)));
        merged.records().forEach(entry -> records.add(state(entry)));
        records.add(ledger(merged.ledger()));
        return new WriteSet(records);
    }

    /** The ledger alone, as it is there already: a sign of life, and proof that nobody took over. */
    WriteSet ofHeartbeat(Ledger committed) {
        return new WriteSet(List.of(ledger(committed)));
    }

    /**
     * The set that takes ownership: the events and dead letters of all batches that Kafka does not have, but for outcomes
     * that others told, and the records of the last batch alone. That one is the claim; it holds everything that differs from what was found, so records that
     * came before it are out of date.
     */
    WriteSet ofClaim(List<Batch> batches, Restored found) {
        List<Batch> earlier = Outcomes.toTell(batches, found.records());
        long there = lastSeqThere(earlier, found.ledger());
        List<Batch> written = new ArrayList<>();
        for (Batch batch : earlier) {
            if (batch.seq() > there) {
                written.add(new Batch(batch.ledger(), List.of(), batch.events(), batch.deadLetters()));
            }
        }
        written.add(differing(batches.getLast(), found.records()));
        return of(written);
    }

    /** What is there already need not be written again: of a claim that is most, and the partition is to stay small. */
    private static Batch differing(Batch claim, List<StateRecord> there) {
        Map<String, StateRecord> known = new HashMap<>();
        there.forEach(entry -> known.put(entry.key(), entry));
        List<StateRecord> different = claim.records().stream()
                .filter(entry -> !entry.equals(known.get(entry.key())))
                .toList();
        return new Batch(claim.ledger(), different, claim.events(), claim.deadLetters());
    }

    /**
     * How far Kafka has our batches, of this epoch and of those before: a claim takes all earlier ones along, even if we
     * died before we heard of it.
     */
    private static long lastSeqThere(List<Batch> batches, Optional<Ledger> found) {
        return found.map(ledger -> batches.stream()
                        .map(Batch::ledger)
                        .filter(ours -> ours.host().equals(ledger.host()))
                        .mapToLong(ours -> shared(ours, ledger))
                        .max()
                        .orElse(NOTHING_THERE))
                .orElse(NOTHING_THERE);
    }

    /** Up to where two ledgers tell of the same batches. */
    private static long shared(Ledger ours, Ledger found) {
        if (ours.descendsFrom(found)) {
            return found.seq();
        }
        return found.descendsFrom(ours) ? ours.seq() : NOTHING_THERE;
    }

    private Optional<ProducerRecord<byte[], byte[]>> event(PublicEvent event) {
        WireEvent wire = EventCodec.encode(id, event);
        if (wire.data().length > LONGEST) {
            statistics.fault("kafka-event-too-large");
            LOG.errorf(
                    "Cannot write event %s: it has %d bytes, at most %d are allowed",
                    event.id(), wire.data().length, LONGEST);
            return Optional.empty();
        }
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.events(), bytes(id.value()), wire.data());
        wire.headers().forEach((name, value) -> record.headers().add(name, bytes(value)));
        return Optional.of(record);
    }

    private ProducerRecord<byte[], byte[]> letter(DeadLetter letter) {
        byte[] value = letter.value().orElse(NOTHING);
        boolean tooLong = value.length > LONGEST;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.deadLetters(),
                letter.key().orElse(null),
                tooLong ? null : letter.value().orElse(null));
        Headers headers = record.headers();
        letter.headers().forEach(header -> headers.add(header.name(), header.value()));
        headers.add("respawn-dead-letter-reason", bytes(letter.reason()));
        headers.add("respawn-dead-letter-topic", bytes(letter.position().topic()));
        headers.add(
                "respawn-dead-letter-partition",
                bytes(Integer.toString(letter.position().partition())));
        headers.add(
                "respawn-dead-letter-offset",
                bytes(Long.toString(letter.position().offset())));
        if (tooLong) {
            statistics.fault("kafka-dead-letter-too-large");
            LOG.errorf(
                    "Cannot write the value of dead letter %s: at most %d bytes are allowed",
                    letter.position(), LONGEST);
            headers.add("respawn-dead-letter-omitted", bytes(value.length + " bytes"));
        }
        return record;
    }

    private ProducerRecord<byte[], byte[]> state(StateRecord entry) {
        byte @Nullable [] value =
                switch (entry) {
                    case StateRecord.ServiceTombstone gone -> null;
                    case StateRecord.IntentTombstone gone -> null;
                    case io.respawn.core.Service service -> codec.encode(service);
                    case io.respawn.core.Intent intent -> codec.encode(intent);
                };
        return state(StateKeys.of(id, entry), value);
    }

    private ProducerRecord<byte[], byte[]> ledger(Ledger ledger) {
        return state(id.value(), codec.encode(ledger));
    }

    private ProducerRecord<byte[], byte[]> state(String key, byte @Nullable [] value) {
        if (value != null && value.length > LONGEST) {
            statistics.fault("kafka-record-too-large");
            throw new SessionException.Refused("Cannot write the record " + key + ": it has " + value.length
                    + " bytes, at most " + LONGEST + " are allowed; nothing is written until it is smaller");
        }
        return new ProducerRecord<>(topics.state(), statePartition, bytes(key), value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
