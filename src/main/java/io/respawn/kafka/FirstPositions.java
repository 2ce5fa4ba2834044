package io.respawn.kafka;

import io.respawn.core.CommandTopics;
import io.respawn.core.Ledger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Finds where commands are to be read from in partitions of which the ledger knows nothing. */
final class FirstPositions {

    private final KafkaSettings.FirstPosition first;

    FirstPositions(KafkaSettings.FirstPosition first) {
        this.first = first;
    }

    /**
     * The command topics as they are now: for every partition an offset to begin at, which is the configured end of topics
     * that are new to all ledgers, and the beginning of partitions that were added and of topics that were created anew.
     *
     * @param known the ledgers that tell of positions
     */
    CommandTopics of(Admin admin, Layout layout, List<Ledger> known) {
        List<TopicPartition> partitions = layout.commandPartitions();
        // What is hidden behind an open transaction is not committed yet, and so lies after the claim.
        Map<String, Long> begins =
                offsets(admin, partitions, partition -> spec(partition, known), IsolationLevel.READ_COMMITTED);
        Map<String, Long> ends =
                offsets(admin, partitions, partition -> OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        return new CommandTopics(begins, ends, layout.ids());
    }

    private static Map<String, Long> offsets(
            Admin admin,
            List<TopicPartition> partitions,
            Function<TopicPartition, OffsetSpec> spec,
            IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> questions =
                partitions.stream().collect(Collectors.toMap(Function.identity(), spec));
        var answers = admin.listOffsets(questions, new ListOffsetsOptions(level));
        Map<String, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(
                partition.toString(),
                Answers.await(answers.partitionResult(partition)).offset()));
        return offsets;
    }

    private OffsetSpec spec(TopicPartition partition, List<Ledger> known) {
        boolean topicIsKnown = known.stream()
                .flatMap(ledger -> ledger.positions().keySet().stream())
                .anyMatch(name -> CommandTopics.topicOf(name).equals(partition.topic()));
        return topicIsKnown || first == KafkaSettings.FirstPosition.EARLIEST
                ? OffsetSpec.earliest()
                : OffsetSpec.latest();
    }
}
