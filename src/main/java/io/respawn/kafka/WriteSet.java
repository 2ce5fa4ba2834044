package io.respawn.kafka;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What one transaction writes. */
record WriteSet(List<ProducerRecord<byte[], byte[]>> records) {
    WriteSet {
        records = List.copyOf(records);
    }
}
