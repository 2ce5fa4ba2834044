package io.respawn.kafka;

import io.respawn.model.SidecarId;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the clients. What the promises rest on is set here and cannot be overridden; timeouts and sizes are defaults that
 * give way to the user's. Even a constructor may throw, for example when no name of a broker resolves.
 */
final class Clients {

    /** How long the broker may hold a fetch when there is nothing new: the idle load of a fleet is its inverse. */
    static final int IDLE_FETCH_MILLIS = 20_000;

    private static final int LINGER_MILLIS = 5;
    private static final int CLIENT_REQUEST_TIMEOUT_MILLIS = 30_000;
    private static final int WRITE_REQUEST_TIMEOUT_MILLIS = 10_000;
    private static final int DELIVERY_TIMEOUT_MILLIS = 30_000;

    private final String name;
    private final Map<String, Object> user;

    Clients(SidecarId id, Map<String, Object> user) {
        this.name = "respawn-" + id;
        this.user = user;
    }

    /** A transactional producer; its id fences every earlier one of this sidecar. */
    Producer<byte[], byte[]> producer() {
        Map<String, Object> all = common();
        all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        all.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, WRITE_REQUEST_TIMEOUT_MILLIS);
        // A commit sends what waits at once; until then many records make one batch, which the broker appends as one.
        all.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        all.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        int least = number(all, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, WRITE_REQUEST_TIMEOUT_MILLIS)
                + number(all, ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        all.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.max(DELIVERY_TIMEOUT_MILLIS, least));
        // A sidecar that dies within a transaction holds up all others of its partition for this long.
        all.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        all.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 4 * 1024 * 1024);
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Reads commands for as long as the session lives. */
    Consumer<byte[], byte[]> commandConsumer() {
        Map<String, Object> all = consumer();
        int limit = number(all, ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, CLIENT_REQUEST_TIMEOUT_MILLIS);
        all.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Math.min(IDLE_FETCH_MILLIS, limit / 2));
        all.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
        // While one part is being committed the loop decides on the next.
        all.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 250);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Reads the state once, as fast as it can, in portions that fit into the young part of a small heap: larger ones would
     * have it grow with the length of the topic, at each respawn.
     */
    Consumer<byte[], byte[]> stateConsumer() {
        Map<String, Object> all = consumer();
        all.put(ConsumerConfig.CLIENT_ID_CONFIG, name + "-restore");
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 200);
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        all.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 * 1024);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Admin admin() {
        Map<String, Object> all = common();
        all.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        all.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        // It lives for moments only; with the default it spins for as long as no broker answers (seen with 4.1.1).
        all.putIfAbsent(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        return Admin.create(all);
    }

    private Map<String, Object> consumer() {
        Map<String, Object> all = common();
        all.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, CLIENT_REQUEST_TIMEOUT_MILLIS);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A position that is gone must be an explicit fault, not a silent jump.
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        // The position lives in the ledger, so there is no group to join.
        all.remove(ConsumerConfig.GROUP_ID_CONFIG);
        all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        return all;
    }

    private Map<String, Object> common() {
        Map<String, Object> all = new HashMap<>(user);
        all.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, name);
        all.putIfAbsent(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        all.putIfAbsent(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        all.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);
        return all;
    }

    private static int number(Map<String, Object> all, String key, int otherwise) {
        Object value = all.get(key);
        return value == null ? otherwise : Integer.parseInt(value.toString().strip());
    }
}
