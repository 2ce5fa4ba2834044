package io.respawn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerIT {

    private static final String TOPIC = "greetings";

    @TempDir
    Path folder;

    @Test
    void keepsCommittedRecordsOverAKillAndARestart() throws Exception {
        // given
        try (KafkaBroker broker = KafkaBroker.start(folder)) {
            createTopic(broker);
            commit(broker, "hello");
            String address = broker.bootstrap();
            // when
            broker.kill();
            broker.restart();
            // then
            assertThat(broker.bootstrap()).isEqualTo(address);
            assertThat(read(broker)).containsExactly("hello");
        }
    }

    @Test
    void answersAgainAfterAPause() throws Exception {
        // given
        try (KafkaBroker broker = KafkaBroker.start(folder);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            // when
            broker.pause();
            // then
            assertThatThrownBy(() -> clusterId(admin, Duration.ofSeconds(1)))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
            broker.resume();
            assertThat(clusterId(admin, Duration.ofSeconds(20))).isNotEmpty();
        }
    }

    @Test
    void leavesNoProcessBehind() {
        // given
        KafkaBroker broker = KafkaBroker.start(folder);
        broker.pause();
        // when
        broker.close();
        // then
        assertThat(ProcessHandle.of(broker.pid())).isEmpty();
    }

    private static void createTopic(KafkaBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void commit(KafkaBroker broker, String value) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "test", "acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, value)).get();
            producer.commitTransaction();
        }
    }

    private static List<String> read(KafkaBroker broker) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed");
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(20)).records(partition).stream()
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    private static String clusterId(Admin admin, Duration limit) throws Exception {
        DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs(Math.toIntExact(limit.toMillis()));
        return admin.describeCluster(options).clusterId().get();
    }
}
