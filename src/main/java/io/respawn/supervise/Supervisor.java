package io.respawn.supervise;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.Intent;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Machine;
import io.respawn.core.PublicEvent;
import io.respawn.core.Service;
import io.respawn.core.State;
import io.respawn.core.Step;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.smallrye.mutiny.operators.multi.processors.SerializedProcessor;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.UncheckedIOException;
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

    /** Without Kafka nothing is owed to anybody, but a note about every batch would be a second write for each. */
    private static final int UNOWED = 64;

    /** The exit code of a sidecar that cannot go on: a defect, or no memory. */
    private static final int BROKEN = 70;

    private record Arrived(Event event, long nanos, Optional<Runnable> then) {}

    private final UnicastProcessor<Arrived> arrivals = UnicastProcessor.create();
    private final SerializedProcessor<Arrived, Arrived> entrance = arrivals.serialized();
    private final BroadcastProcessor<PublicEvent> announced = BroadcastProcessor.create();
    private final Statistics statistics;
    private final Machine machine;
    private final State state;
    private final Executor loop;
    private final LongSupplier lastBeat;
    private @Nullable Work work;
    private long acknowledged;

    private record Work(Ports ports, Outbox outbox, Effects effects, Receipts receipts) {}

    /** {@code lastBeat} is the {@link System#nanoTime} of the loop's last turn. */
    public Supervisor(Machine machine, State state, Executor loop, LongSupplier lastBeat, Statistics statistics) {
        this.machine = machine;
        this.state = state;
        this.loop = loop;
        this.lastBeat = lastBeat;
        this.statistics = statistics;
    }

    /** Opens the pipeline; {@code unacknowledged} are batches of an earlier life that Kafka does not have yet. */
    public Cancellable start(Ports ports, List<Batch> unacknowledged) {
        Outbox outbox = new Outbox(unacknowledged, this);
        Work opened =
                new Work(ports, outbox, new Effects(state, ports, outbox, this), new Receipts(state, ports.journal()));
        work = opened;
        return arrivals.emitOn(loop)
                .onItem()
                .invoke(arrived -> handle(opened, arrived))
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

    @Override
    public void accept(Event event) {
        enter(event, Optional.empty());
    }

    private void enter(Event event, Optional<Runnable> then) {
        statistics.queued().incrementAndGet();
        entrance.onNext(new Arrived(event, System.nanoTime(), then));
    }

    private void handle(Work open, Arrived arrived) {
        statistics.queued().decrementAndGet();
        long begin = System.nanoTime();
        statistics.loopLag().add(Duration.ofNanos(begin - arrived.nanos()));
        guarded(arrived.event(), () -> take(open, arrived.event()));
        statistics.steps().add(Duration.ofNanos(System.nanoTime() - begin));
        // Whoever waits is answered in any case.
        arrived.then().ifPresent(then -> guarded(arrived.event(), then));
    }

    /** One event that cannot be handled must not end the supervision of all services. */
    private void guarded(Object about, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | StackOverflowError broken) {
            statistics.fault("step-failed");
            LOG.log(System.Logger.Level.ERROR, "Cannot handle " + about, broken);
        }
    }

    private void take(Work open, Event event) {
        Step step = decide(open, event);
        step.batch().ifPresent(batch -> append(open, batch));
        if (event instanceof Event.BatchesCommitted committed) {
            acknowledged = committed.seq();
            open.ports().journal().acknowledged(committed.seq());
        }
        // Each for itself: what follows one that fails is as necessary as before.
        step.effects().forEach(effect -> guarded(effect, () -> open.effects().perform(effect)));
        open.receipts().after(event);
    }

    /** A command that nobody can decide on is refused: otherwise the next one's position would pass it in silence. */
    private Step decide(Work open, Event event) {
        try {
            return machine.step(state, open.ports().clock().stamp(), event);
        } catch (RuntimeException | StackOverflowError broken) {
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

    private void append(Work open, Batch batch) {
        long begin = System.nanoTime();
        try {
            open.ports().journal().append(batch);
        } catch (RuntimeException failed) {
            // Folded is folded: whatever is wrong with the disk, the batch goes on to Kafka and its effects happen.
            statistics.fault("journal-append");
            if (!(failed instanceof UncheckedIOException)) {
                LOG.log(System.Logger.Level.ERROR, "Cannot journal batch " + batch.seq(), failed);
            }
            accept(new Event.JournalChanged(false, String.valueOf(failed.getMessage())));
        }
        statistics.journalAppends().add(Duration.ofNanos(System.nanoTime() - begin));
        if (state.standing().kafka() == KafkaStatus.OFF) {
            acknowledged = batch.seq();
            if (batch.seq() % UNOWED == 0) {
                open.ports().journal().acknowledged(batch.seq());
            }
        } else {
            open.outbox().offer(batch);
        }
        batch.events().forEach(this::announce);
    }

    private void announce(PublicEvent event) {
        statistics.announced(event.type());
        if ("io.respawn.service.started.v1".equals(event.type())
                && event.incarnationAfter().orElse(1) > 1) {
            event.service()
                    .ifPresent(service ->
                            statistics.restarted(service, event.intent().isPresent() ? "ordered" : "crash"));
        }
        LOG.log(System.Logger.Level.INFO, () -> Lines.of(event));
        announced.onNext(event);
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
                state.ledger().seq() - acknowledged);
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
