package io.respawn.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions as they were found.
 *
 * @param commands number of partitions by topic, for the topics that carry commands
 */
record Layout(Map<String, Integer> commands) {
    Layout {
        commands = Map.copyOf(commands);
    }

    List<TopicPartition> commandPartitions() {
        List<TopicPartition> all = new ArrayList<>();
        commands.forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
        });
        return all;
    }
}
