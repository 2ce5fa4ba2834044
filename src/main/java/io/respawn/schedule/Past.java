package io.respawn.schedule;

import io.respawn.core.Intent;
import io.respawn.core.PlannedRun;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is remembered of the orders that were planned for a service, by the times for which they were.
 *
 * @param seen the times, whatever became of the orders, with the place of each in the order of acceptance
 * @param begins of those that say from when on a schedule counts, what the schedule was
 * @param last the one that was given last, if any
 */
record Past(NavigableMap<Instant, Long> seen, NavigableMap<Instant, String> begins, Optional<Intent> last) {

    /** Nothing is. */
    static Past none() {
        return new Past(new TreeMap<>(), new TreeMap<>(), Optional.empty());
    }

    /** Of all services of which something is. */
    static Map<ServiceName, Past> of(Snapshot snapshot) {
        Map<ServiceName, List<Intent>> planned = new HashMap<>();
        for (Intent intent : snapshot.intents().values()) {
            if (PlannedRun.time(intent).isPresent()) {
                ServiceName service = intent.command().service().orElseThrow();
                planned.computeIfAbsent(service, first -> new ArrayList<>()).add(intent);
            }
        }
        Map<ServiceName, Past> pasts = new HashMap<>();
        planned.forEach((service, intents) -> pasts.put(service, of(intents)));
        return pasts;
    }

    private static Past of(List<Intent> intents) {
        Past past = none();
        for (Intent intent : intents) {
            Instant time = PlannedRun.time(intent).orElseThrow();
            past.seen().put(time, intent.order());
            if (PlannedRun.isBegin(intent)) {
                past.begins().put(time, intent.command().reason());
            }
        }
        Optional<Intent> last = intents.stream()
                .filter(intent -> !PlannedRun.isBegin(intent))
                .max(Comparator.comparing(Intent::acceptedAt).thenComparing(Intent::order));
        return new Past(past.seen(), past.begins(), last);
    }

    /** Whether a schedule counts by now that is in these words, and by a clock that was not set back since. */
    boolean hasBegun(String words, Instant now) {
        Map.Entry<Instant, String> begin = begins.floorEntry(now);
        return begin != null && begin.getValue().equals(words) && !isSetBack(now);
    }

    private boolean isSetBack(Instant now) {
        Map.Entry<Instant, Long> before = seen.floorEntry(now);
        if (before == null) {
            return false;
        }
        long known = before.getValue();
        return seen.tailMap(now, false).values().stream().anyMatch(order -> order > known);
    }

    /** Up to when everything was seen to. */
    Instant seenTo(Instant now) {
        Instant before = seen.floorKey(now);
        return before == null ? now : before;
    }

    /** The times that are seen to, those included that are still to come on a clock that was set back. */
    Set<Instant> times() {
        return seen.keySet();
    }
}
