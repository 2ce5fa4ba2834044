package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.respawn.codec.CodecException;
import io.respawn.codec.RecordCodec;
import io.respawn.core.Ledger;
import io.respawn.core.StateRecord;
import io.respawn.model.SidecarId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of this sidecar from the state topic, each time from the beginning and with a consumer of its own. Used
 * by the session's thread alone.
 */
final class StateReader {

    private static final Duration TURN = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final SidecarId id;
    private final Clients clients;
    private final TopicPartition partition;
    private final RecordCodec codec;
    private final Standing standing;
    private final BooleanSupplier closing;

    StateReader(
            SidecarId id,
            Clients clients,
            TopicPartition partition,
            RecordCodec codec,
            Standing standing,
            BooleanSupplier closing) {
        this.id = id;
        this.clients = clients;
        this.partition = partition;
        this.codec = codec;
        this.standing = standing;
        this.closing = closing;
    }

    /** Reads what can be read now without waiting for anybody's open transaction. */
    Restored readAtOnce(Admin admin) {
        return read(end(admin, IsolationLevel.READ_COMMITTED), admin);
    }

    /**
     * Reads to the true end, which lies behind the open transactions of others: what read_committed readers are told is the
     * end would hide our own records behind such a transaction. Waits until those are ended.
     */
    Restored readToEnd(Admin admin) {
        return read(end(admin, IsolationLevel.READ_UNCOMMITTED), admin);
    }

    private long end(Admin admin, IsolationLevel level) {
        return offset(admin, OffsetSpec.latest(), level);
    }

    /** Where the log begins; compaction leaves that alone, and only a deletion of records moves it. */
    long start(Admin admin) {
        return offset(admin, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    }

    private long offset(Admin admin, OffsetSpec spec, IsolationLevel level) {
        return Answers.await(admin.listOffsets(Map.of(partition, spec), new ListOffsetsOptions(level))
                        .partitionResult(partition))
                .offset();
    }

    /** The partition of the state topic that is ours. */
    TopicPartition partition() {
        return partition;
    }

    private Restored read(long end, Admin admin) {
        Map<String, byte[]> own = new LinkedHashMap<>();
        Consumer<byte[], byte[]> consumer = clients.stateConsumer();
        try {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long movedNanos = System.nanoTime();
            // Compares the position, not the last record's offset: the last one may be the mark of a transaction.
            long position = consumer.position(partition);
            while (position < end) {
                if (closing.getAsBoolean()) {
                    throw new CancellationException("Cannot read the state to its end: the session is closing");
                }
                consumer.poll(TURN).forEach(record -> keep(record, own));
                long next = consumer.position(partition);
                if (next > position) {
                    movedNanos = System.nanoTime();
                } else if (System.nanoTime() - movedNanos > PATIENCE.toNanos()) {
                    standing.trouble(stalled(admin, position, end));
                    movedNanos = System.nanoTime();
                }
                position = next;
            }
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
        return understand(own);
    }

    private void keep(ConsumerRecord<byte[], byte[]> record, Map<String, byte[]> own) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), UTF_8);
        if (!key.equals(id.value()) && !key.startsWith(id + "/")) {
            return;
        }
        if (record.value() == null) {
            own.remove(key);
        } else {
            own.put(key, record.value());
        }
    }

    private Restored understand(Map<String, byte[]> own) {
        byte @Nullable [] ledger = own.remove(id.value());
        int prefix = id.value().length() + 1;
        Optional<Ledger> theirs =
                Optional.ofNullable(ledger).map(value -> understand(id.value(), () -> codec.decodeLedger(value)));
        List<StateRecord> records = own.entrySet().stream()
                .map(entry -> understand(
                        entry.getKey(), () -> codec.decode(entry.getKey().substring(prefix), entry.getValue())))
                .toList();
        return new Restored(theirs, records);
    }

    /** What a newer version wrote is not overwritten by this one. */
    private <T> T understand(String key, Supplier<T> decode) {
        try {
            return decode.get();
        } catch (CodecException e) {
            throw new SessionException.Refused("Cannot restore the record '" + key + "' of topic '" + partition.topic()
                    + "', so the state is not claimed and nothing is written: " + e.getMessage());
        }
    }

    private String stalled(Admin admin, long position, long end) {
        String where = "waits at " + position + " of " + end + " in " + partition;
        try {
            return Answers.await(admin.describeProducers(List.of(partition)).partitionResult(partition))
                    .activeProducers()
                    .stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .map(producer -> where + " for the open transaction of producer " + producer.producerId()
                            + ", last active " + Instant.ofEpochMilli(producer.lastTimestamp()))
                    .findFirst()
                    .orElse(where + ": the brokers do not answer");
        } catch (org.apache.kafka.common.KafkaException e) {
            return where + ": " + StateWriter.words(e);
        }
    }
}
