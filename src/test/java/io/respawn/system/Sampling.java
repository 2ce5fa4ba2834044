package io.respawn.system;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Watches from beside, as often as it can, that no instance ever has two main processes. */
final class Sampling implements AutoCloseable {

    private final String sidecar;
    private final Duration pause;
    private final Queue<List<Tagged>> doubled = new ConcurrentLinkedQueue<>();
    private final Map<String, Set<Integer>> pids = new ConcurrentHashMap<>();
    private final AtomicInteger samples = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closed;

    Sampling(String sidecar) {
        this(sidecar, Duration.ofMillis(5));
    }

    /** {@code pause} is what the sidecar, which needs the processor too, is left between two samples. */
    Sampling(String sidecar, Duration pause) {
        this.sidecar = sidecar;
        this.pause = pause;
        thread = Thread.ofPlatform().name("sampling").start(this::run);
    }

    private void run() {
        while (!closed) {
            sample();
            samples.incrementAndGet();
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private void sample() {
        Map<String, List<Tagged>> mains =
                Tagged.of(sidecar).stream().filter(Tagged::sessionLeader).collect(Collectors.groupingBy(Tagged::name));
        mains.forEach((instance, found) -> {
            found.forEach(main -> pids.computeIfAbsent(main.service(), any -> ConcurrentHashMap.newKeySet())
                    .add(main.pid()));
            // A sample takes a while: of two that were not seen at the same moment, one is gone when looked at again.
            if (found.size() > 1 && found.stream().filter(Tagged::isStillThere).count() > 1) {
                doubled.add(found);
            }
        });
    }

    /** Instances that had more than one main process at a time, with those. */
    List<List<Tagged>> doubled() {
        return List.copyOf(doubled);
    }

    /** All main processes that a service was seen with. */
    Set<Integer> pidsOf(String service) {
        return Set.copyOf(pids.getOrDefault(service, Set.of()));
    }

    int samples() {
        return samples.get();
    }

    @Override
    public void close() {
        stop();
    }

    /** Takes its last sample. */
    void stop() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot wait for the last sample: interrupted", e);
        }
    }
}
