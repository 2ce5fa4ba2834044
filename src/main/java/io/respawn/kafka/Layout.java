package io.respawn.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What was found on the brokers.
 *
 * @param commands how many partitions each command topic has
 * @param ids of the topics for commands and state, by name; one that was created anew has another
 */
record Layout(Map<String, Integer> commands, Map<String, String> ids) {
    Layout {
        commands = Map.copyOf(commands);
        ids = Map.copyOf(ids);
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
