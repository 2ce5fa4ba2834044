package io.respawn.schedule;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.respawn.core.Intent;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.RespawnTriggers;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Supervision;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Orders a respawn when its time has come, or when the heap stays full. Such an order is like any other; the id of a planned
 * one is made of its time, so it is carried out once whoever plans it, this image or the next.
 *
 * <p>It has a thread of its own, and only if there is something to look after.
 */
@Singleton
final class OwnRespawns {

    private static final Logger LOG = Logger.getLogger(OwnRespawns.class);

    /** A clock that is set is noticed within this. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
    private static final Duration SHORTEST_SLEEP = Duration.ofMillis(100);
    private static final int LOOKS = 10;

    private final Supervision supervision;
    private final RespawnTriggers triggers;
    private Optional<ScheduledExecutorService> thread = Optional.empty();

    OwnRespawns(Supervision supervision, RespawnTriggers triggers) {
        this.supervision = supervision;
        this.triggers = triggers;
    }

    void begin(@Observes StartupEvent started) {
        if (triggers.schedule().isEmpty() && triggers.heapPercent().isEmpty()) {
            return;
        }
        ScheduledExecutorService own = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("respawn-schedule").factory());
        thread = Optional.of(own);
        triggers.schedule()
                .map(cron -> new CronTimes(cron, triggers.zone()))
                .ifPresent(times -> times.after(Instant.now())
                        .ifPresentOrElse(
                                next -> sleep(own, times, next),
                                () -> LOG.warnf(
                                        "The schedule '%s' has no time to come",
                                        triggers.schedule().get())));
        triggers.heapPercent().ifPresent(percent -> {
            HeapShare heap = new HeapShare();
            HeapPressure pressure = new HeapPressure(percent, triggers);
            long pause = Math.clamp(
                    triggers.heapTime().toMillis() / LOOKS, SHORTEST_SLEEP.toMillis(), LONGEST_SLEEP.toMillis());
            Future<?> _ = own.scheduleWithFixedDelay(
                    () -> insist(() -> look(heap.used(), pressure)), pause, pause, TimeUnit.MILLISECONDS);
        });
    }

    void end(@Observes ShutdownEvent ending) {
        thread.ifPresent(ScheduledExecutorService::shutdownNow);
    }

    private void sleep(ScheduledExecutorService own, Times times, Instant next) {
        Duration left = Duration.between(Instant.now(), next);
        Duration pause = left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left;
        Future<?> _ = own.schedule(
                () -> insist(() -> wake(own, times, next)), Math.max(0, pause.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** A heap that is full to the last must not be the end of what looks after it. */
    private void insist(Runnable work) {
        Insistence.on(supervision.statistics(), work);
    }

    private void wake(ScheduledExecutorService own, Times times, Instant next) {
        Instant now = Instant.now();
        if (now.isBefore(next)) {
            // It may come sooner by now, if the clock was set back.
            sleep(own, times, times.after(now).orElse(next));
            return;
        }
        // First, since it can be given again: its id is made of its time.
        try {
            order("schedule", next.truncatedTo(ChronoUnit.SECONDS), "planned for " + next);
        } catch (RuntimeException failed) {
            LOG.warn("Cannot order a respawn this time", failed);
        }
        times.after(now).ifPresent(later -> sleep(own, times, later));
    }

    private void look(int used, HeapPressure pressure) {
        try {
            Instant now = Instant.now();
            if (pressure.isDue(now, used, used < triggers.heapPercent().orElse(0) ? Optional.empty() : lastOrdered())) {
                order(
                        "heap",
                        now.truncatedTo(ChronoUnit.SECONDS),
                        used + "% of the heap are in use for " + triggers.heapTime() + " or longer");
                pressure.asked(now);
            }
        } catch (RuntimeException failed) {
            LOG.warn("Cannot look after the heap this time", failed);
        }
    }

    private Optional<Instant> lastOrdered() {
        Snapshot snapshot = supervision
                .snapshot()
                .subscribeAsCompletionStage()
                .orTimeout(LONGEST_ANSWER.toSeconds(), TimeUnit.SECONDS)
                .join();
        return snapshot.intents().values().stream()
                .filter(intent -> intent.command().action() == Action.RESPAWN)
                .map(Intent::acceptedAt)
                .max(Comparator.naturalOrder());
    }

    private void order(String source, Instant at, String reason) {
        Command command = Command.respawn(new IntentId(source + "/respawn/" + at), source, reason, source);
        LOG.infof("Ordering a respawn: %s", reason);
        CompletableFuture<?> _ = supervision
                .submit(command)
                .subscribeAsCompletionStage()
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        LOG.warn("Cannot order a respawn", failure);
                    }
                });
    }
}
