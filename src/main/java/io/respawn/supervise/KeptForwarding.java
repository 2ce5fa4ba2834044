package io.respawn.supervise;

import io.respawn.model.ServiceName;
import io.respawn.supervise.ForwardCounts.Count;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Forwarded output on its way from one image of the sidecar to the next.
 *
 * @param lines that Kafka has not acknowledged; it may have some of them
 * @param counts of before, in which those lines still wait
 * @param dropped lines that there was no room for
 */
public record KeptForwarding(List<ForwardedLine> lines, Map<ServiceName, Count> counts, long dropped) {

    /** Nothing came along. */
    public static final KeptForwarding DEFAULT = new KeptForwarding(List.of(), Map.of(), 0);

    /** More would make the blackout long. */
    static final int MOST_LINES = 1000;

    static final int MOST_CHARACTERS = 256 * 1024;

    public KeptForwarding {
        lines = List.copyOf(lines);
        counts = Map.copyOf(counts);
    }

    /** The newest of these that there is room for; the others count as lost. */
    static KeptForwarding of(List<ForwardedLine> all, Map<ServiceName, Count> counts) {
        List<ForwardedLine> kept = new ArrayList<>();
        Map<ServiceName, Count> told = new HashMap<>(counts);
        int characters = 0;
        for (ForwardedLine line : all.reversed()) {
            characters += line.characters();
            if (kept.size() < MOST_LINES && characters <= MOST_CHARACTERS) {
                kept.add(line);
            } else {
                told.computeIfPresent(
                        line.line().instance().service(),
                        (service, count) -> new Count(count.forwarded(), count.lost() + 1, count.waiting() - 1));
            }
        }
        Collections.reverse(kept);
        return new KeptForwarding(kept, told, all.size() - kept.size());
    }
}
