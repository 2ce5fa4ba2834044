package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.respawn.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker with an ordinary sender and an ordinary reader. */
final class Cluster implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    final KafkaBroker broker;
    private final KafkaProducer<byte[], byte[]> sender;

    Cluster(Path folder) {
        broker = KafkaBroker.start(folder);
        sender = new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrap());
    }

    KafkaSettings settings() {
        return KafkaSettings.of(client());
    }

    /** Topics of their own, with few partitions; nobody waits for an idle fetch that a topic's end has cut off. */
    KafkaSettings settings(String prefix, int statePartitions) {
        Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrap(), "fetch.max.wait.ms", "500");
        return new KafkaSettings(
                client,
                topics(prefix),
                statePartitions,
                KafkaSettings.FirstPosition.LATEST,
                true,
                -1,
                Duration.ofMinutes(5));
    }

    /** The same for a sidecar that looks after its topics all the time. */
    KafkaSettings watchful(String prefix) {
        return new KafkaSettings(
                client(), topics(prefix), 1, KafkaSettings.FirstPosition.LATEST, true, -1, Duration.ofSeconds(1));
    }

    static KafkaSettings.Topics topics(String prefix) {
        return new KafkaSettings.Topics(
                prefix + ".commands", prefix + ".broadcast", prefix + ".state", prefix + ".events", prefix + ".dead");
    }

    void create(String topic, int partitions, Map<String, String> config) throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(config)))
                    .all()
                    .get();
        }
    }

    void set(String topic, String setting, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(client())) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(change)))
                    .all()
                    .get();
        }
    }

    String setting(String topic, String setting) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(client())) {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(setting)
                    .value();
        }
    }

    void send(String topic, @Nullable Integer partition, @Nullable String key, String value) {
        send(new ProducerRecord<>(topic, partition, key == null ? null : key.getBytes(UTF_8), value.getBytes(UTF_8)));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            sender.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Cannot send to " + record.topic(), e);
        }
    }

    /** Everything committed, partition by partition. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrap(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false");
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map((PartitionInfo info) -> new TopicPartition(topic, info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            // Not the reader's own ends: a commit is answered before its marker is in every partition, and until then
            // they
            // stand before what was committed.
            Map<TopicPartition, Long> ends = ends(partitions);
            long begun = System.nanoTime();
            while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
                if (System.nanoTime() - begun > LIMIT.toNanos()) {
                    throw new IllegalStateException("Cannot read " + topic + " to its end within " + LIMIT);
                }
                reader.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    List<String> eventIds(String topic, String id) {
        return read(topic).stream()
                .filter(record -> new String(record.key(), UTF_8).equals(id))
                .map(record -> new String(record.headers().lastHeader("ce_id").value(), UTF_8))
                .toList();
    }

    long end(TopicPartition partition) {
        return ends(List.of(partition)).get(partition);
    }

    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        try (Admin admin = Admin.create(client())) {
            return admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Cannot tell the ends of " + partitions, e);
        }
    }

    @Override
    public void close() {
        sender.close(Duration.ZERO);
        broker.close();
    }
}
