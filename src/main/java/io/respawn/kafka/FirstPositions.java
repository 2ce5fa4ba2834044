package io.respawn.kafka;

import io.respawn.core.Ledger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * An offset for every partition, to be used where the ledger has none: the configured end of topics that are new to
     * the ledger, and the beginning of partitions that were added to a topic since.
     */
    Map<TopicPartition, Long> of(Admin admin, List<TopicPartition> partitions, Optional<Ledger> ledger) {
        Map<TopicPartition, OffsetSpec> questions = partitions.stream()
                .collect(Collectors.toMap(partition -> partition, partition -> spec(partition, ledger)));
        // What is hidden behind an open transaction is not committed yet, and so lies after the claim.
        var answers = admin.listOffsets(questions, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(
                partition, Answers.await(answers.partitionResult(partition)).offset()));
        return offsets;
    }

    private OffsetSpec spec(TopicPartition partition, Optional<Ledger> ledger) {
        boolean added = ledger.stream()
                .flatMap(known -> known.positions().keySet().stream())
                .anyMatch(name -> name.matches(java.util.regex.Pattern.quote(partition.topic()) + "-\\d+"));
        return added || first == KafkaSettings.FirstPosition.EARLIEST ? OffsetSpec.earliest() : OffsetSpec.latest();
    }
}
