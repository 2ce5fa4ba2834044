package io.respawn.kafka;

import io.respawn.core.Ledger;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one transaction writes.
 *
 * @param ledger as it is afterwards
 */
record WriteSet(List<ProducerRecord<byte[], byte[]>> records, Ledger ledger) {
    WriteSet {
        records = List.copyOf(records);
    }
}
