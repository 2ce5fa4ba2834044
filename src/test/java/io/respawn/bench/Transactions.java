package io.respawn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What a sidecar wrote, transaction by transaction, to be written again in the same way under another id. */
final class Transactions {

    /** One transaction; it took so many commands in. */
    record Transaction(int commands, List<ConsumerRecord<byte[], byte[]>> records) {}

    private Transactions() {}

    /** Where a sidecar's records are: its state and its events. */
    record Place(TopicPartition state, long stateOffset, TopicPartition events, long eventsOffset) {
        static Place now(Wire wire, String id) {
            TopicPartition state = Wire.partition(Wire.STATE, id);
            TopicPartition events = Wire.partition(Wire.EVENTS, id);
            return new Place(state, wire.end(state), events, wire.end(events));
        }
    }

    /** What was written between two moments, while nothing but orders came in and each led to one event. */
    static List<Transaction> between(Wire wire, Place from, Place to) {
        List<ConsumerRecord<byte[], byte[]>> events = wire.read(from.events(), from.eventsOffset(), to.eventsOffset());
        Iterator<ConsumerRecord<byte[], byte[]>> next = events.iterator();
        List<Transaction> all = new ArrayList<>();
        int commands = 0;
        for (List<ConsumerRecord<byte[], byte[]>> state :
                divided(wire.read(from.state(), from.stateOffset(), to.stateOffset()))) {
            int orders = (int) state.stream()
                    .filter(entry -> Wire.text(entry.key()).contains("/intent/"))
                    .count();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int i = 0; i < orders; i++) {
                records.add(next.next());
            }
            records.addAll(state);
            all.add(new Transaction(orders, records));
            commands += orders;
        }
        if (commands != events.size()) {
            throw new IllegalStateException(
                    "Cannot tell what was written together: " + commands + " orders, " + events.size() + " events");
        }
        return all;
    }

    /** A transaction's mark takes an offset of its own, so there is a gap behind each. */
    private static List<List<ConsumerRecord<byte[], byte[]>>> divided(List<ConsumerRecord<byte[], byte[]>> records) {
        List<List<ConsumerRecord<byte[], byte[]>>> all = new ArrayList<>();
        long expected = -1;
        for (ConsumerRecord<byte[], byte[]> entry : records) {
            if (entry.offset() != expected) {
                all.add(new ArrayList<>());
            }
            all.getLast().add(entry);
            expected = entry.offset() + 1;
        }
        return all;
    }

    /** The same records under another id, which is as long as the first. */
    static List<ProducerRecord<byte[], byte[]>> copy(
            List<ConsumerRecord<byte[], byte[]>> records, String id, String other) {
        return records.stream()
                .map(entry -> new ProducerRecord<>(
                        entry.topic(),
                        entry.partition(),
                        (other + Wire.text(entry.key()).substring(id.length())).getBytes(UTF_8),
                        entry.value(),
                        entry.headers()))
                .toList();
    }
}
