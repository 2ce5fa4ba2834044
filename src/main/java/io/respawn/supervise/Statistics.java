package io.respawn.supervise;

import io.respawn.model.ServiceName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens, from the first moment on and without any framework; metrics are read from here. Thread-safe. */
public final class Statistics {

    /** A number of durations and their sum. */
    public static final class Timing {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAccumulator longest = new LongAccumulator(Long::max, 0);

        public void add(Duration duration) {
            count.increment();
            nanos.add(duration.toNanos());
            longest.accumulate(duration.toNanos());
        }

        public long count() {
            return count.sum();
        }

        public Duration total() {
            return Duration.ofNanos(nanos.sum());
        }

        public Duration longest() {
            return Duration.ofNanos(longest.get());
        }
    }

    /** The label set of a restart counter; the reason is one of a few fixed words. */
    public record Restart(ServiceName service, String reason) {}

    /** The label set of a counter of lines that were answered. */
    public record LineMatch(ServiceName service, String trigger) {}

    private static final String OUT_OF_MEMORY = "out-of-memory";

    private final Map<Restart, LongAdder> restarts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> events = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> faults = new ConcurrentHashMap<>();
    private final Timing steps = new Timing();
    private final Timing journalAppends = new Timing();
    private final Timing kafkaCommits = new Timing();
    private final Timing loopLag = new Timing();
    private final AtomicLong queued = new AtomicLong();
    private final LongAdder logLinesDropped = new LongAdder();
    private final ForwardCounts forwarding = new ForwardCounts();
    private final LongAdder memoryShortages = new LongAdder();
    private final AtomicReference<RespawnCounts> respawns = new AtomicReference<>(RespawnCounts.DEFAULT);
    private final Consumption consumption = new Consumption();
    private final Map<LineMatch, LongAdder> lineMatches = new ConcurrentHashMap<>();
    private final Map<ServiceName, LongAdder> killedForMemory = new ConcurrentHashMap<>();
    private volatile Runnable memoryWatch = () -> {};

    /** Counts from zero what has to be counted when there is no memory for a counter. */
    public Statistics() {
        faults.put(OUT_OF_MEMORY, memoryShortages);
    }

    public void restarted(ServiceName service, String reason) {
        restarts.computeIfAbsent(new Restart(service, reason), key -> new LongAdder())
                .increment();
    }

    /** Counts a public event by its type. */
    public void announced(String type) {
        events.computeIfAbsent(type, key -> new LongAdder()).increment();
    }

    /** Counts something that should not happen, by a fixed word. */
    public void fault(String word) {
        fault(word, 1);
    }

    /** So many of them at once. */
    public void fault(String word, long times) {
        faults.computeIfAbsent(word, key -> new LongAdder()).add(times);
    }

    /** Counts that something could not be done for want of memory; needs none itself. */
    public void outOfMemory() {
        memoryShortages.increment();
        memoryWatch.run();
    }

    /** How often {@link #outOfMemory} was called. */
    public long outOfMemoryCount() {
        return memoryShortages.sum();
    }

    /** Has this run at every shortage of memory, on the thread that met it; it must need no memory. */
    public void onOutOfMemory(Runnable watch) {
        memoryWatch = watch;
    }

    /** Goes on counting from what an earlier image of this process has counted. */
    public void goOn(RespawnCounts counted) {
        respawns.set(counted);
    }

    /** The process has become a new image. */
    public void respawned(Duration blackout) {
        respawns.updateAndGet(counts -> counts.succeeded(blackout));
    }

    /** It was to become one, and goes on as it is. */
    public void respawnRefused() {
        respawns.updateAndGet(RespawnCounts::withRefused);
    }

    public RespawnCounts respawns() {
        return respawns.get();
    }

    /** The kernel ended the main process of a service for want of memory. */
    public void killedForMemory(ServiceName service) {
        killedForMemory.computeIfAbsent(service, key -> new LongAdder()).increment();
    }

    public Map<ServiceName, LongAdder> killedForMemory() {
        return killedForMemory;
    }

    /** A line of a service was answered. */
    public void lineMatched(ServiceName service, String trigger) {
        lineMatches
                .computeIfAbsent(new LineMatch(service, trigger), key -> new LongAdder())
                .increment();
    }

    public Map<LineMatch, LongAdder> lineMatches() {
        return lineMatches;
    }

    /** What services use. */
    public Consumption consumption() {
        return consumption;
    }

    public Map<Restart, LongAdder> restarts() {
        return restarts;
    }

    public Map<String, LongAdder> events() {
        return events;
    }

    public Map<String, LongAdder> faults() {
        Map<String, LongAdder> happened = new HashMap<>(faults);
        happened.values().removeIf(count -> count.sum() == 0);
        return happened;
    }

    /** Time the machine took for an event. */
    public Timing steps() {
        return steps;
    }

    public Timing journalAppends() {
        return journalAppends;
    }

    /** Time of a Kafka transaction, from its begin to the end of its commit. */
    public Timing kafkaCommits() {
        return kafkaCommits;
    }

    /** Time from the arrival of an event to its step. */
    public Timing loopLag() {
        return loopLag;
    }

    /** Lines of our own log that found no room. */
    public LongAdder logLinesDropped() {
        return logLinesDropped;
    }

    /** What became of lines that were to be forwarded. */
    public ForwardCounts forwarding() {
        return forwarding;
    }

    /** Events that wait for the loop. */
    public AtomicLong queued() {
        return queued;
    }
}
