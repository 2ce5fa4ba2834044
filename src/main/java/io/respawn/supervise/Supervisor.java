package io.respawn.supervise;

import io.respawn.core.Batch;
import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.Intent;
import io.respawn.core.Machine;
import io.respawn.core.PublicEvent;
import io.respawn.core.Service;
import io.respawn.core.State;
import io.respawn.core.Step;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.supervise.Arrival.Passed;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The serial loop: one Mutiny pipeline on one thread takes every event through decide, fold, append, act. The state is
 * touched by that thread alone; everybody else enqueues. The queue needs no limit of its own, since each source has one.
 */
public final class Supervisor implements Supervision, EventSink {

    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

    /** A reader of public events that is further behind is cut off. */
    private static final int EVENT_BUFFER = 4096;

    /** The exit code of a sidecar that cannot go on: a defect, or no memory. */
    private static final int BROKEN = 70;

    private final BroadcastProcessor<PublicEvent> announced = BroadcastProcessor.create();
    private final Statistics statistics;
    private final Machine machine;
    private final State state;
    private final Executor loop;
    private final LongSupplier lastBeat;
    private final Inbox<Arrival> inbox;
    private @Nullable Work work;
    private @Nullable Arrival underWay;
    private @Nullable OutOfMemoryError shortage;

    private record Work(Ports ports, Outbox outbox, Archive archive, Effects effects, Receipts receipts) {}

    /** {@code lastBeat} is the {@link System#nanoTime} of the loop's last turn. */
    public Supervisor(Machine machine, State state, Executor loop, LongSupplier lastBeat, Statistics statistics) {
        this.machine = machine;
        this.state = state;
        this.loop = loop;
        this.lastBeat = lastBeat;
        this.statistics = statistics;
        this.inbox = new Inbox<>(loop, this::isFree);
    }

    /** Opens the pipeline; {@code unacknowledged} are batches of an earlier life that Kafka does not have yet. */
    public Cancellable start(Ports ports, List<Batch> unacknowledged) {
        Outbox outbox = new Outbox(unacknowledged, this);
        Work opened = new Work(
                ports,
                outbox,
                new Archive(state, ports.journal(), outbox, announced, statistics, this),
                new Effects(state, ports, outbox, this),
                new Receipts(state, ports.journal()));
        work = opened;
        return inbox.onItem()
                .invoke(arrival -> begin(opened, arrival))
                .subscribe()
                .with(ignored -> {}, failure -> {
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "Cannot go on: the loop's pipeline ended; the sidecar leaves, its services run on"
                                    + " and are found again by the next one",
                            failure);
                    ports.leave().accept(BROKEN);
                });
    }

    /** Does what could not be done for want of memory, and whatever waits behind it; on the loop's thread. */
    public void goOn() {
        inbox.drain();
    }

    @Override
    public void accept(Event event) {
        enter(event, Optional.empty());
    }

    private void enter(Event event, Optional<Runnable> then) {
        inbox.put(new Arrival(event, then));
        statistics.queued().incrementAndGet();
    }

    private void begin(Work open, Arrival arrival) {
        underWay = arrival;
        statistics.queued().decrementAndGet();
        long begin = System.nanoTime();
        goOn(open, arrival);
        try {
            statistics.loopLag().add(Duration.ofNanos(begin - arrival.nanos()));
            statistics.steps().add(Duration.ofNanos(System.nanoTime() - begin));
        } catch (OutOfMemoryError unmeasured) {
            statistics.outOfMemory();
        }
    }

    /** The next one has to wait for what is left of the one before. */
    private boolean isFree() {
        if (underWay != null && shortage != null) {
            shortage = null;
            goOn(opened(), underWay);
        }
        if (shortage != null) {
            // To the loop, which will call goOn in a moment.
            throw shortage;
        }
        return true;
    }

    private void goOn(Work open, Arrival arrival) {
        try {
            take(open, arrival);
            // Whoever waits is answered in any case.
            arrival.then().ifPresent(then -> guarded(arrival.event(), then));
            underWay = null;
        } catch (OutOfMemoryError full) {
            statistics.outOfMemory();
            shortage = full;
        }
    }

    /** One event that cannot be handled must not end the supervision of all services; for memory it waits. */
    private void guarded(Object about, Runnable work) {
        try {
            work.run();
        } catch (OutOfMemoryError full) {
            throw full;
        } catch (RuntimeException | Error broken) {
            statistics.fault("step-failed");
            LOG.log(System.Logger.Level.ERROR, "Cannot handle " + about, broken);
        }
    }

    private void take(Work open, Arrival arrival) {
        Event event = arrival.event();
        if (arrival.isBefore(Passed.DECISION)) {
            guarded(event, () -> arrival.decided(decide(open, event)));
            arrival.pass(Passed.DECISION);
        }
        Step step = arrival.step();
        if (step != null) {
            step.batch().ifPresent(batch -> open.archive().keep(arrival, batch));
            if (arrival.isBefore(Passed.ACKNOWLEDGEMENT) && event instanceof Event.BatchesCommitted committed) {
                open.archive().acknowledged(committed.seq());
            }
            arrival.pass(Passed.ACKNOWLEDGEMENT);
            perform(open, arrival, step.effects());
            guarded(event, () -> open.receipts().after(event));
        }
    }

    private void perform(Work open, Arrival arrival, List<Effect> effects) {
        while (arrival.performed() < effects.size()) {
            Effect effect = effects.get(arrival.performed());
            // Each for itself: what follows one that fails is as necessary as before.
            guarded(effect, () -> open.effects().perform(effect));
            arrival.performedOne();
        }
    }

    /** A command that nobody can decide on is refused: otherwise the next one's position would pass it in silence. */
    private Step decide(Work open, Event event) {
        try {
            return machine.step(state, open.ports().clock().stamp(), event);
        } catch (OutOfMemoryError full) {
            throw full;
        } catch (RuntimeException | Error broken) {
            if (!(event instanceof Event.CommandReceived received)
                    || received.position().isEmpty()) {
                throw broken;
            }
            statistics.fault("step-failed");
            LOG.log(System.Logger.Level.ERROR, "Cannot handle " + event, broken);
            Command command = received.command();
            return machine.step(
                    state,
                    open.ports().clock().stamp(),
                    new Event.CommandRefused(
                            command.id(),
                            command.source(),
                            "Cannot carry this out, because of a defect: " + broken
                                    + "; see the sidecar's log, and order it again with another id",
                            command.requestedBy(),
                            received.position().get()));
        }
    }

    /** Hands the batches over to Kafka from now on. */
    public void attach(Replica replica) {
        loop.execute(() -> opened().outbox().attach(replica));
    }

    private Work opened() {
        Work open = work;
        if (open == null) {
            throw new IllegalStateException("Cannot use the loop before it is started");
        }
        return open;
    }

    @Override
    public Uni<Snapshot> snapshot() {
        return Uni.createFrom().item(this::look).runSubscriptionOn(loop).emitOn(Infrastructure.getDefaultExecutor());
    }

    private Snapshot look() {
        Instant now = opened().ports().clock().stamp().now();
        return new Snapshot(
                now,
                state.plan(),
                Snapshot.Phase.of(state.standing().phase()),
                state.standing().kafka(),
                state.standing().kafkaDetail(),
                Receipts.durability(state),
                state.standing().durableDetail(),
                state.ledger(),
                new TreeMap<>(state.services()),
                Collections.unmodifiableMap(new LinkedHashMap<>(state.intents())),
                state.queue(now),
                state.orders(now),
                statuses(),
                opened().ports().prober().answers(),
                state.ledger().seq() - opened().archive().acknowledged());
    }

    private Map<InstanceId, String> statuses() {
        Map<InstanceId, String> statuses = new HashMap<>();
        for (Service service : state.services().values()) {
            for (Instance instance : service.instances()) {
                String said = state.standing().status(instance);
                if (!said.isEmpty()) {
                    statuses.put(instance.id(), said);
                }
            }
        }
        return statuses;
    }

    @Override
    public Uni<Submitted> submit(Command command) {
        Uni<Submitted> answer = Uni.createFrom()
                .emitter(emitter -> enter(new Event.CommandReceived(command, Optional.empty()), Optional.of(() -> {
                    Intent intent = state.intents().get(command.id());
                    if (intent == null) {
                        emitter.fail(
                                new IllegalStateException("Cannot take " + command.id() + ": the loop refused it"));
                        return;
                    }
                    opened().receipts()
                            .await(
                                    state.ledger().seq(),
                                    durability -> emitter.complete(new Submitted(
                                            state.intents().getOrDefault(command.id(), intent), durability)));
                })));
        return answer.emitOn(Infrastructure.getDefaultExecutor());
    }

    @Override
    public Multi<PublicEvent> events() {
        return announced.onOverflow().buffer(EVENT_BUFFER).emitOn(Infrastructure.getDefaultExecutor());
    }

    @Override
    public Duration sinceLastBeat() {
        return Duration.ofNanos(System.nanoTime() - lastBeat.getAsLong());
    }

    @Override
    public Statistics statistics() {
        return statistics;
    }
}
