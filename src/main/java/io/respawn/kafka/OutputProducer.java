package io.respawn.kafka;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * Sets what the order of forwarded lines rests on in the producer of their channel, which the user's keys for Kafka cannot
 * override. The connector has one key for its own retries and for the producer's: its own, which would let later lines
 * overtake earlier ones, are off.
 */
@Singleton
public final class OutputProducer implements ClientCustomizer<Map<String, Object>> {

    OutputProducer() {}

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> config) {
        if (!channel.equals(OutputForwarder.CHANNEL)) {
            return config;
        }
        Map<String, Object> all = new HashMap<>(config);
        all.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "5");
        all.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
        // A line that was given up could be overtaken; how many wait is bounded elsewhere.
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
        all.putIfAbsent(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return all;
    }
}
