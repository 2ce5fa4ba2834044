package io.respawn.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Somebody else's program that sends orders in their sequence, however long the broker is away. */
final class OrderSender implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 180_000;

    private final byte[] key;
    private final OrderMix mix;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();

    OrderSender(String bootstrap, String sidecar, OrderMix mix) {
        this.key = sidecar.getBytes(UTF_8);
        this.mix = mix;
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap,
                "max.block.ms", PATIENCE_MILLIS,
                "delivery.timeout.ms", PATIENCE_MILLIS,
                "request.timeout.ms", 10_000);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void sendNext() {
        for (String order : mix.next()) {
            sent.add(producer.send(new ProducerRecord<>("respawn.commands", key, order.getBytes(UTF_8))));
            count.incrementAndGet();
        }
    }

    int count() {
        return count.get();
    }

    /** Waits until the broker has all of them. */
    void flush() {
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("Cannot send an order", e.getCause());
            } catch (InterruptedException e) {
                throw Programs.interrupted(e);
            }
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
