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
 * What is remembered of the orders that were planned for a service.
 *
 * @param runs the times for which they were, whatever became of them, with the place of each in the order of acceptance
 * @param begins those that say from when on a schedule counts
 * @param last the one that was given last, if any
 */
record Past(NavigableMap<Instant, Long> runs, List<Begin> begins, Optional<Intent> last) {

    /** From when on a schedule counts that is in these words. */
    record Begin(Instant at, long order, String words) {}

    /** Nothing is. */
    static Past none() {
        return new Past(new TreeMap<>(), new ArrayList<>(), Optional.empty());
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
            if (PlannedRun.isBegin(intent)) {
                past.begins()
                        .add(new Begin(time, intent.order(), intent.command().reason()));
            } else {
                past.runs().put(time, intent.order());
            }
        }
        Optional<Intent> last = intents.stream()
                .filter(intent -> !PlannedRun.isBegin(intent))
                .max(Comparator.comparing(Intent::acceptedAt).thenComparingLong(Intent::order));
        return new Past(past.runs(), past.begins(), last);
    }

    /** Whether a schedule counts by now that is in these words, and by a clock that was not set back since. */
    boolean hasBegun(String words, Instant now) {
        return begin(now)
                .filter(begin -> begin.words().equals(words))
                .filter(begin -> runs.tailMap(now, false).values().stream().noneMatch(order -> order > begin.order()))
                .isPresent();
    }

    /** The one that was said last counts; those in the future are of a clock that was set back. */
    private Optional<Begin> begin(Instant now) {
        return begins.stream().filter(begin -> !begin.at().isAfter(now)).max(Comparator.comparingLong(Begin::order));
    }

    /** Up to when everything was seen to. */
    Instant seenTo(Instant now) {
        Instant begin = begin(now).map(Begin::at).orElse(now);
        Instant run = runs.floorKey(now);
        return run == null || run.isBefore(begin) ? begin : run;
    }

    /** The times that are seen to, those included that are still to come on a clock that was set back. */
    Set<Instant> times() {
        return runs.keySet();
    }
}
