package io.respawn.system;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
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
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** What somebody with an administrator's tools can do to topics and transactions. */
final class TopicTools implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Admin admin;

    TopicTools(String bootstrap) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    void delete(String topic) {
        done(admin.deleteTopics(List.of(topic)).all());
    }

    void create(String topic, int partitions) {
        done(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all());
    }

    /** Deletes all records that are there, which a compacted topic has to be talked into. */
    void cut(String topic) {
        set(topic, "cleanup.policy", "delete");
        int count = done(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions()
                .size();
        List<TopicPartition> partitions = java.util.stream.IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<TopicPartition, RecordsToDelete> all = done(
                        admin.listOffsets(latest).all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> RecordsToDelete.beforeOffset(entry.getValue().offset())));
        done(admin.deleteRecords(all).all());
        set(topic, "cleanup.policy", "compact");
    }

    void set(String topic, String setting, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
        done(admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
    }

    void awaitTransaction(String transactionalId, TransactionState state) {
        await("transaction of " + transactionalId + " in state " + state)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> done(admin.describeTransactions(List.of(transactionalId))
                                        .description(transactionalId))
                                .state()
                        == state);
    }

    private static <V> V done(KafkaFuture<V> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot change a topic", e);
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
