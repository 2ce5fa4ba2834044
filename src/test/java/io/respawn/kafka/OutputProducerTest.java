package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** What the order of forwarded lines rests on, against what a user may have set for all of Kafka's clients. */
final class OutputProducerTest {

    private static final Map<String, Object> USERS = Map.of(
            "bootstrap.servers", "127.0.0.1:9092",
            "transactional.id", "mine",
            "enable.idempotence", "false",
            "acks", "1",
            "retries", "0",
            "delivery.timeout.ms", "1000",
            "compression.type", "gzip",
            "key.serializer", ByteArraySerializer.class.getName(),
            "value.serializer", ByteArraySerializer.class.getName());

    @Test
    void setsWhatOrderRestsOnAndLeavesTheRestToTheUser() {
        // when
        Map<String, Object> made =
                new OutputProducer().customize(OutputForwarder.CHANNEL, ConfigProvider.getConfig(), USERS);

        // then
        ProducerConfig config = new ProducerConfig(made);
        assertThat(config.getBoolean(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)).isTrue();
        assertThat(config.getInt(ProducerConfig.RETRIES_CONFIG)).isEqualTo(Integer.MAX_VALUE);
        assertThat(config.getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)).isEqualTo(Integer.MAX_VALUE);
        assertThat(config.getString(ProducerConfig.ACKS_CONFIG)).isEqualTo("-1");
        assertThat(config.getString(ProducerConfig.TRANSACTIONAL_ID_CONFIG)).isNull();
        assertThat(config.getString(ProducerConfig.COMPRESSION_TYPE_CONFIG)).isEqualTo("gzip");
    }

    @Test
    void leavesOtherChannelsAlone() {
        assertThat(new OutputProducer().customize("another", ConfigProvider.getConfig(), USERS))
                .isEqualTo(USERS);
    }

    @Test
    void tellsARecordThatNobodyWillTakeFromATopicThatCannotBeWrittenNow() {
        assertThat(Refusals.isForGood(new RecordTooLargeException("long"))).isTrue();
        assertThat(Refusals.isForGood(new TimeoutException("no metadata"))).isFalse();
        assertThat(Refusals.isForGood(new TopicAuthorizationException("respawn.output")))
                .isFalse();
        assertThat(Refusals.isForGood(new IllegalStateException("no subscriber")))
                .isFalse();
    }
}
