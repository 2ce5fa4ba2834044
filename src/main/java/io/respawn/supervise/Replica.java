package io.respawn.supervise;

import io.respawn.core.Batch;
import java.time.Duration;
import java.util.List;

/**
 * Port: the lasting copy of the journal on Kafka. It answers by {@code StateRestored}, {@code BatchesCommitted} and
 * {@code KafkaChanged}.
 */
public interface Replica {

    /** Takes over a batch to be written in order; never waits. What is not yet committed survives a lost connection. */
    void offer(Batch batch);

    /** What was offered and is not known to be committed, in order; from any thread. */
    List<Batch> held();

    /** Writes all that was offered, for at most this long, and answers by {@code Flushed}. */
    void flush(Duration limit);
}
