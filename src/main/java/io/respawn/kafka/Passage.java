package io.respawn.kafka;

import io.respawn.model.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps account of records that are passed by because their key is another's, so that the ledger's positions follow: only
 * the last of a partition is reported, and never before the commands that stand in front of it were handed over.
 * Thread-safe.
 */
final class Passage {

    private final Map<String, Integer> underWay = new HashMap<>();
    private final Map<String, Position> passed = new HashMap<>();

    /** A record that is somebody else's. */
    synchronized void passBy(Position position) {
        passed.put(position.partitionName(), position);
    }

    /** A command sets out. What was passed by before it is covered by its own position. */
    synchronized void setOut(Position position) {
        passed.remove(position.partitionName());
        underWay.merge(position.partitionName(), 1, Integer::sum);
    }

    /** A command was handed to the loop. */
    synchronized void arrived(Position position) {
        underWay.computeIfPresent(position.partitionName(), (name, count) -> count == 1 ? null : count - 1);
    }

    /** Whether all commands that set out were handed over. */
    synchronized boolean isClear() {
        return underWay.isEmpty();
    }

    /** Forgets what was passed by and not reported yet. */
    synchronized void clear() {
        passed.clear();
    }

    /** What can be reported now. */
    synchronized List<Position> takePassed() {
        List<Position> taken = new ArrayList<>();
        passed.values().removeIf(position -> !underWay.containsKey(position.partitionName()) && taken.add(position));
        return taken;
    }
}
