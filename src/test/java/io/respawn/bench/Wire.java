package io.respawn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/** The topics as the benchmarks see them, by clients that are set as those of the sidecar. */
final class Wire implements AutoCloseable {

    static final String COMMANDS = "respawn.commands";
    static final String STATE = "respawn.state";
    static final String EVENTS = "respawn.events";

    /** Of each of these topics, as the sidecar creates them. */
    private static final int PARTITIONS = 16;

    private final String bootstrap;
    private final Admin admin;

    Wire(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    /** The partition in which records with this key are. */
    static TopicPartition partition(String topic, String key) {
        return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(bytes(key))) % PARTITIONS);
    }

    /** All partitions of the commands for one sidecar. */
    static List<TopicPartition> commands() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(number -> new TopicPartition(COMMANDS, number))
                .toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    /** A producer of orders; each is sent at once. */
    Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends, and fails if that has failed already; what fails later fails the transaction, or is missed by its reader. */
    static void send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> entry) {
        Future<RecordMetadata> sent = producer.send(entry);
        if (sent.isDone() && sent.state() == Future.State.FAILED) {
            throw new IllegalStateException("Cannot send to " + entry.topic(), sent.exceptionNow());
        }
    }

    /** A transactional producer, ready to begin. */
    Producer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        settings.put("linger.ms", 5);
        settings.put("batch.size", 256 * 1024);
        settings.put("buffer.memory", 4 * 1024 * 1024);
        settings.put("transactional.id", transactionalId);
        settings.put("enable.metrics.push", false);
        settings.put("metric.reporters", "");
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    /** A consumer of what is committed, without a group. */
    Consumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "none");
        settings.put("enable.auto.commit", false);
        settings.put("fetch.max.bytes", 4 * 1024 * 1024);
        settings.put("enable.metrics.push", false);
        settings.put("metric.reporters", "");
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Where a partition ends, the marks of transactions included. */
    long end(TopicPartition partition) {
        try {
            ListOffsetsResultInfo end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get();
            return end.offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot learn where " + partition + " ends", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Cannot wait for the end of " + partition, e);
        }
    }

    /** What is committed between two offsets. */
    List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long from, long to) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer =
                consumer(Map.of("max.poll.records", 5_000, "max.partition.fetch.bytes", 8 * 1024 * 1024))) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            while (consumer.position(partition) < to) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    @Override
    public void close() {
        admin.close();
    }
}
