package io.respawn.core;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The command topics as they are when the state is claimed.
 *
 * @param first where to begin in partitions of which no ledger tells, by their names
 * @param ends the offset that the next command will get, by partition
 * @param ids what tells a topic from one of the same name that was there before
 */
public record CommandTopics(Map<String, Long> first, Map<String, Long> ends, Map<String, String> ids) {

    public CommandTopics {
        first = Map.copyOf(first);
        ends = Map.copyOf(ends);
        ids = Map.copyOf(ids);
    }

    /**
     * The positions of a ledger as far as they still mean something: of a topic that was created anew they mean nothing,
     * and beyond its end there is nothing that was read.
     */
    public SortedMap<String, Long> positionsOf(Ledger ledger) {
        SortedMap<String, Long> positions = new TreeMap<>();
        ledger.positions().forEach((partition, next) -> {
            if (!isAnew(topicOf(partition), ledger)) {
                positions.put(partition, Math.min(next, ends.getOrDefault(partition, next)));
            }
        });
        return positions;
    }

    /** Whether a topic is not the one of which the ledger tells. */
    public boolean isAnew(String topic, Ledger ledger) {
        String known = ledger.topics().getOrDefault(topic, "");
        return !known.isEmpty() && !ids.getOrDefault(topic, known).equals(known);
    }

    /** {@code respawn.commands} of {@code respawn.commands-3}. */
    public static String topicOf(String partition) {
        return partition.substring(0, Math.max(0, partition.lastIndexOf('-')));
    }
}
