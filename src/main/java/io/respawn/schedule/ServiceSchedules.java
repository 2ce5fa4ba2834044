package io.respawn.schedule;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.respawn.core.KafkaStatus;
import io.respawn.model.Command;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.PlanInForce;
import io.respawn.supervise.Schedules;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Supervision;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Has the schedules of services followed: it looks at the clock on the wall, and gives the orders that are due. They are like
 * any other; the id of each is made of the time that it was planned for, so that it is carried out once whoever plans it.
 *
 * <p>It has a thread of its own, and only while a service has a schedule.
 */
@Singleton
final class ServiceSchedules implements Schedules {

    private static final Logger LOG = Logger.getLogger(ServiceSchedules.class);

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    /** How long the state need not be looked at if nothing is due. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** While nothing can be ordered. */
    private static final Duration SOON = Duration.ofMillis(500);

    /** How exactly an age is kept: one part in so many, since new processes are not known of before. */
    private static final int PARTS = 20;

    private final Supervision supervision;
    private final PlanInForce inForce;
    private final Agenda agenda = new Agenda();
    private final BlockingQueue<Object> news = new ArrayBlockingQueue<>(1);
    private boolean begun;
    private boolean ended;
    private boolean awake;

    ServiceSchedules(Supervision supervision, PlanInForce inForce) {
        this.supervision = supervision;
        this.inForce = inForce;
    }

    void begin(@Observes StartupEvent started) {
        synchronized (this) {
            begun = true;
        }
        inForce.onChange(this::look);
        look();
    }

    void end(@Observes ShutdownEvent ending) {
        synchronized (this) {
            ended = true;
        }
        boolean _ = news.offer(this);
    }

    @Override
    public Map<ServiceName, Outlook> outlook(Snapshot snapshot) {
        return agenda.outlook(snapshot, Instant.now());
    }

    /** The plan is another one, or the first. */
    private synchronized void look() {
        if (awake) {
            boolean _ = news.offer(this);
        } else if (begun && !ended && hasSchedules(inForce.plan())) {
            awake = true;
            Thread.ofPlatform().daemon().name("respawn-services").start(this::watch);
        }
    }

    private static boolean hasSchedules(Plan plan) {
        return plan.services().values().stream()
                .anyMatch(spec -> !spec.schedule().isEmpty());
    }

    private void watch() {
        Wakefulness wakefulness = new Wakefulness();
        boolean on = true;
        while (on) {
            // An order that is given again is recognised by its id.
            on = Insistence.on(supervision.statistics(), () -> turn(wakefulness));
        }
    }

    /** Looks if it is time, and sleeps until it may be again; false if there is nothing to look after any more. */
    private boolean turn(Wakefulness wakefulness) {
        if (!goesOn()) {
            return false;
        }
        Instant now = Instant.now();
        long nanos = System.nanoTime();
        if (wakefulness.isTimeToLook(now, nanos)) {
            look(wakefulness, now, nanos);
        }
        try {
            Duration nap = wakefulness.nap(Instant.now());
            if (news.poll(nap.toMillis(), TimeUnit.MILLISECONDS) != null) {
                wakefulness.disturb();
            }
        } catch (InterruptedException unexpected) {
            LOG.warn("Cannot follow the schedules any more: the thread was interrupted", unexpected);
            return false;
        }
        return true;
    }

    /** Whoever comes too late for this thread starts another one. */
    private synchronized boolean goesOn() {
        awake = !ended && hasSchedules(inForce.plan());
        return awake;
    }

    private void look(Wakefulness wakefulness, Instant now, long nanos) {
        try {
            Snapshot snapshot = supervision
                    .snapshot()
                    .subscribeAsCompletionStage()
                    .orTimeout(LONGEST_ANSWER.toSeconds(), TimeUnit.SECONDS)
                    .join();
            if (!isReadyForOrders(snapshot)) {
                wakefulness.looked(now, nanos, Optional.empty(), SOON);
                return;
            }
            Agenda.Look look = agenda.look(snapshot, now);
            look.orders().forEach(this::give);
            wakefulness.looked(now, nanos, look.next(), look.orders().isEmpty() ? patience(snapshot) : SOON);
        } catch (RuntimeException failed) {
            LOG.warn("Cannot follow the schedules this time", failed);
            wakefulness.looked(now, nanos, Optional.empty(), Wakefulness.LONGEST_NAP);
        }
    }

    /** What was ordered before has to be known first, and nobody but the owner of the state may order. */
    private static boolean isReadyForOrders(Snapshot snapshot) {
        boolean open = snapshot.sidecar() == Snapshot.Phase.RUNNING || snapshot.sidecar() == Snapshot.Phase.PROVISIONAL;
        return open && snapshot.kafka() != KafkaStatus.FENCED;
    }

    private static Duration patience(Snapshot snapshot) {
        return snapshot.plan().services().values().stream()
                .map(ServiceSpec::schedule)
                .flatMap(schedule -> schedule.maxAge().stream())
                .map(age -> age.dividedBy(PARTS))
                .reduce(PATIENCE, (shortest, each) -> each.compareTo(shortest) < 0 ? each : shortest);
    }

    private void give(Command command) {
        LOG.debugf("Ordering %s: %s", command.id(), command.reason());
        CompletableFuture<?> _ = supervision
                .submit(command)
                .subscribeAsCompletionStage()
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        LOG.warnf(failure, "Cannot order %s", command.id());
                    }
                });
    }
}
