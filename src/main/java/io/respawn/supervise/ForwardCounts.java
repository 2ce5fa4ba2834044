package io.respawn.supervise;

import io.respawn.model.ServiceName;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of the lines that are forwarded, by service. Thread-safe. */
public final class ForwardCounts {

    /**
     * What became of the lines of a service.
     *
     * @param forwarded that Kafka has acknowledged
     * @param lost that had no room, or that Kafka refused for good
     * @param waiting that are neither yet
     */
    public record Count(long forwarded, long lost, long waiting) {}

    private static final class Tally {
        private final LongAdder forwarded = new LongAdder();
        private final LongAdder lost = new LongAdder();
        private final LongAdder waiting = new LongAdder();

        Count now() {
            return new Count(forwarded.sum(), lost.sum(), waiting.sum());
        }
    }

    private final Map<ServiceName, Tally> tallies = new ConcurrentHashMap<>();

    void taken(ServiceName service) {
        tally(service).waiting.increment();
    }

    void forwarded(ServiceName service) {
        tally(service).waiting.decrement();
        tally(service).forwarded.increment();
    }

    void lost(ServiceName service) {
        tally(service).waiting.decrement();
        tally(service).lost.increment();
    }

    /** Goes on from what an earlier image has counted; the lines that waited there are counted again as they come. */
    void goOn(Map<ServiceName, Count> counted) {
        counted.forEach((service, count) -> {
            tally(service).forwarded.add(count.forwarded());
            tally(service).lost.add(count.lost());
        });
    }

    private Tally tally(ServiceName service) {
        return tallies.computeIfAbsent(service, key -> new Tally());
    }

    /** Of each service that has ever forwarded a line. */
    public SortedMap<ServiceName, Count> now() {
        SortedMap<ServiceName, Count> counts = new TreeMap<>();
        tallies.forEach((service, tally) -> counts.put(service, tally.now()));
        return counts;
    }
}
