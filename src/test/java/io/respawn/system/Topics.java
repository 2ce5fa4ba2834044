package io.respawn.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads what is committed on the topics. Not thread-safe. */
final class Topics implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Held, so that its level stays: a reader that starts over and over tells it partition by partition. */
    private static final Logger CLIENT_LOG = Logger.getLogger("org.apache.kafka");

    static {
        CLIENT_LOG.setLevel(Level.WARNING);
    }

    private final KafkaConsumer<byte[], byte[]> reader;

    Topics(String bootstrap) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap,
                "isolation.level", "read_committed",
                "enable.auto.commit", "false");
        reader = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A public event; {@code data} is its content. */
    record Seen(String id, String type, Instant time, String subject, JsonNode data) {

        boolean isAbout(String intent) {
            return data.path("intent").asText().equals(intent);
        }

        boolean isOutcome() {
            return type.matches("io\\.respawn\\.intent\\.(succeeded|failed|rejected|expired|coalesced|cancelled)\\.v1");
        }

        /** {@code accepted} of {@code io.respawn.intent.accepted.v1}. */
        String happening() {
            String[] parts = type.split("\\.", -1);
            return parts[parts.length - 2];
        }
    }

    /** All events of a sidecar, in their order: they share a key. */
    List<Seen> events(String sidecar) {
        return read("respawn.events").stream()
                .filter(event -> sidecar.equals(text(event.key())))
                .map(Topics::seen)
                .toList();
    }

    /** The events of a sidecar as soon as they are as wanted. */
    List<Seen> awaitEvents(String what, String sidecar, Predicate<List<Seen>> wanted) {
        return await(what)
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> events(sidecar), wanted);
    }

    /** The happenings of an intent in order, as soon as it has an outcome. */
    List<Seen> awaitOutcome(String sidecar, String intent) {
        return awaitEvents(
                        "the outcome of " + intent,
                        sidecar,
                        all -> all.stream().anyMatch(event -> event.isAbout(intent) && event.isOutcome()))
                .stream()
                .filter(event -> event.isAbout(intent) && event.type().startsWith("io.respawn.intent."))
                .toList();
    }

    /** The newest value under a key of the state topic. */
    JsonNode newestState(String key) {
        JsonNode newest = states().get(key);
        if (newest == null) {
            throw new AssertionError("Cannot find the key " + key + " on respawn.state");
        }
        return newest;
    }

    /** The newest value under each key of the state topic. */
    Map<String, JsonNode> states() {
        Map<String, JsonNode> newest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> entry : read("respawn.state")) {
            if (entry.value() == null) {
                newest.remove(text(entry.key()));
            } else {
                newest.put(text(entry.key()), json(entry.value()));
            }
        }
        return newest;
    }

    /** Everything committed on a topic, partition by partition. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
            reader.poll(Duration.ofMillis(100)).forEach(all::add);
        }
        return all;
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, UTF_8);
    }

    static String header(ConsumerRecord<byte[], byte[]> entry, String name) {
        var header = entry.headers().lastHeader(name);
        return header == null ? "" : text(header.value());
    }

    private static Seen seen(ConsumerRecord<byte[], byte[]> event) {
        return new Seen(
                header(event, "ce_id"),
                header(event, "ce_type"),
                Instant.parse(header(event, "ce_time")),
                header(event, "ce_subject"),
                json(event.value()));
    }

    private static JsonNode json(byte[] value) {
        try {
            return RunningSidecar.JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + text(value), e);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
