package io.respawn.process;

import io.respawn.core.Event.CommandReceived;
import io.respawn.core.Event.Found;
import io.respawn.core.MemoryPressure;
import io.respawn.linux.Reactor;
import io.respawn.model.InstanceId;
import io.respawn.model.MemoryLimit;
import io.respawn.model.Plan;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Usage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Looks now and then at what services use, on a thread of its own, and orders the restart of who is above its memory for too
 * long. The loop is asked one thing each time: what it holds.
 */
public final class ResourceSampler implements AutoCloseable {

    static final String FAILED = "sampling";

    private static final Logger LOG = System.getLogger(ResourceSampler.class.getName());
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final long LAST_LOOK_MILLIS = 1000;

    private final ChildProcesses processes;
    private final Reactor reactor;
    private final Supplier<Plan> plan;
    private final EventSink events;
    private final Statistics statistics;
    private final InstantSource clock;
    private final Census census = new Census();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /** Starts the thread; {@code plan} is asked each time, since it may change. */
    public ResourceSampler(
            ChildProcesses processes,
            Reactor reactor,
            Supplier<Plan> plan,
            EventSink events,
            Statistics statistics,
            InstantSource clock) {
        this.processes = processes;
        this.reactor = reactor;
        this.plan = plan;
        this.events = events;
        this.statistics = statistics;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("respawn-sampler").start(this::run);
    }

    private void run() {
        Duration interval = plan.get().sampling().interval();
        Duration pause = interval.compareTo(FIRST) < 0 ? interval : FIRST;
        try {
            while (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                attempt();
                pause = plan.get().sampling().interval();
            }
        } catch (InterruptedException ending) {
            LOG.log(Level.DEBUG, "The sampler ends", ending);
        }
    }

    private void attempt() throws InterruptedException {
        try {
            look(mains());
        } catch (TimeoutException busy) {
            LOG.log(Level.DEBUG, "The loop is too busy to say what it holds", busy);
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.DEBUG, "The loop has ended", ended);
        } catch (ExecutionException | RuntimeException failed) {
            statistics.fault(FAILED);
            LOG.log(Level.WARNING, "Cannot find out what services use this time: {0}", failed.toString());
        } catch (OutOfMemoryError full) {
            statistics.outOfMemory();
        }
    }

    private List<Found> mains() throws InterruptedException, ExecutionException, TimeoutException {
        return CompletableFuture.supplyAsync(processes::watched, reactor)
                .get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(List<Found> mains) throws InterruptedException {
        processes.memoryKills().look(mains.stream().map(Found::process).toList());
        Map<InstanceId, Usage> running = new HashMap<>();
        for (Census.Household household : census.take(mains)) {
            Found main = household.main();
            Instant now = clock.instant();
            Duration cpuTime = statistics.consumption().seen(main.instance(), main.incarnation(), household.readings());
            long bytes = judged(household, now);
            running.put(main.instance(), household.usage(now, cpuTime, bytes));
        }
        Plan now = plan.get();
        statistics
                .consumption()
                .looked(
                        clock.instant(),
                        running,
                        instance -> now.service(instance.service()).isPresent());
    }

    /** What counts of its memory; whoever is above its limit for too long is ordered to be restarted. */
    private long judged(Census.Household household, Instant now) {
        Found main = household.main();
        MemoryPressure before = statistics.consumption().pressure(main.instance());
        Optional<MemoryLimit> limit =
                plan.get().service(main.instance().service()).flatMap(ServiceSpec::memory);
        if (limit.isEmpty()) {
            statistics.consumption().pressure(main.instance(), before.released());
            return household.residentBytes();
        }
        boolean above = household.residentBytes() > limit.get().bytes();
        long bytes = above ? census.exactBytes(household) : household.residentBytes();
        MemoryPressure pressure = before.seen(main.incarnation(), bytes, limit.get(), now);
        if (pressure.isDue(limit.get(), now)) {
            var order = new CommandReceived(pressure.order(main.instance(), bytes, limit.get(), now), Optional.empty());
            Insistence.on(statistics, () -> events.accept(order));
            pressure = pressure.ordered(now);
        }
        statistics.consumption().pressure(main.instance(), pressure);
        return bytes;
    }

    /** Looks no more; the loop may have ended before. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(LAST_LOOK_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
