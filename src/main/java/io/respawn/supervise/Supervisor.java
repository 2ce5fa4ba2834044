package io.respawn.supervise;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.Intent;
import io.respawn.core.Machine;
import io.respawn.core.PublicEvent;
import io.respawn.core.Service;
import io.respawn.core.State;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.supervise.Arrival.Then;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The serial loop: one Mutiny pipeline on one thread takes events, in groups, through decide, fold, append, act. The state is
 * touched by that thread alone; everybody else enqueues. The queue needs no limit of its own, since each source has one.
 */
public final class Supervisor implements Supervision, EventSink {

    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

    /** A reader of public events that is further behind is cut off. */
    private static final int EVENT_BUFFER = 4096;

    /** The exit code of a sidecar that cannot go on: a defect, or no memory. */
    private static final int BROKEN = 70;

    /** More than are ever needed to bring the loop to rest, unless something comes faster than it is handled. */
    private static final int MOST_GROUPS = 1000;

    private final BroadcastProcessor<PublicEvent> announced = BroadcastProcessor.create();
    private final Statistics statistics;
    private final Machine machine;
    private final State state;
    private final Executor loop;
    private final LongSupplier lastBeat;
    private final Inbox<Arrival> inbox;
    private @Nullable Work work;
    private Queue<Arrival> underWay = new ArrayDeque<>();
    private @Nullable OutOfMemoryError shortage;

    private record Work(Ports ports, Outbox outbox, Archive archive, Receipts receipts, Passage passage) {}

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
    public void start(Ports ports, List<Batch> unacknowledged) {
        Outbox outbox = new Outbox(unacknowledged, this);
        Archive archive = new Archive(state, ports.journal(), outbox, announced, statistics, this);
        Effects effects = new Effects(state, ports, outbox, this);
        Receipts receipts = new Receipts(state, ports.journal());
        Passage passage = new Passage(machine, state, ports.clock(), archive, effects, receipts, statistics);
        Work opened = new Work(ports, outbox, archive, receipts, passage);
        work = opened;
        inbox.subscribe(new Worker<>(group -> begin(opened, group), failure -> end(ports, failure)));
    }

    private static void end(Ports ports, Throwable failure) {
        LOG.log(
                System.Logger.Level.ERROR,
                "Cannot go on: the loop's pipeline ended; the sidecar leaves, its services run on"
                        + " and are found again by the next one",
                failure);
        ports.leave().accept(BROKEN);
    }

    /** Does what could not be done for want of memory, and whatever waits behind it; on the loop's thread. */
    public void goOn() {
        inbox.drain();
    }

    /** Handles what has come until now, and what follows from it; false if there is no end of it. On the loop's thread. */
    public boolean settle() {
        for (int i = 0; i < MOST_GROUPS && !inbox.isEmpty(); i++) {
            inbox.drain();
        }
        return inbox.isEmpty();
    }

    /** The batches that Kafka does not have yet; on the loop's thread. */
    public List<Batch> unacknowledged() {
        return opened().outbox().held();
    }

    /** Has all of them written, for at most this long; answered by {@code Flushed}. On the loop's thread. */
    public void flush(Duration limit) {
        opened().outbox().flush(limit);
    }

    @Override
    public void accept(Event event) {
        enter(event, Optional.empty());
    }

    private void enter(Event event, Optional<Then> then) {
        inbox.put(new Arrival(event, then));
        statistics.queued().incrementAndGet();
    }

    private void begin(Work open, Queue<Arrival> group) {
        underWay = group;
        statistics.queued().addAndGet(-group.size());
        goOn(open, group);
    }

    /** The next ones have to wait for what is left of those before. */
    private boolean isFree() {
        if (shortage != null) {
            shortage = null;
            goOn(opened(), underWay);
        }
        if (shortage != null) {
            // To the loop, which will call goOn in a moment.
            throw shortage;
        }
        return true;
    }

    private void goOn(Work open, Queue<Arrival> group) {
        try {
            open.passage().take(group);
        } catch (OutOfMemoryError full) {
            statistics.outOfMemory();
            shortage = full;
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
                statistics.consumption().latest(),
                statistics.forwarding().now(),
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
                .emitter(emitter -> enter(
                        new Event.CommandReceived(command, Optional.empty()),
                        Optional.of(decided -> answer(command.id(), decided, emitter))));
        return answer.emitOn(Infrastructure.getDefaultExecutor());
    }

    /** Events that went the same way behind this one may have made the loop forget the order. */
    private void answer(IntentId id, Optional<Batch> decided, UniEmitter<? super Submitted> emitter) {
        Intent intent = decided.stream()
                .flatMap(batch -> batch.records().stream())
                .filter(entry -> entry instanceof Intent made && made.id().equals(id))
                .map(Intent.class::cast)
                .findFirst()
                .orElseGet(() -> state.intents().get(id));
        if (intent == null) {
            emitter.fail(new IllegalStateException("Cannot take " + id + ": the loop refused it"));
            return;
        }
        opened().receipts()
                .await(
                        decided.map(Batch::seq).orElse(state.ledger().seq()),
                        durability ->
                                emitter.complete(new Submitted(state.intents().getOrDefault(id, intent), durability)));
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
