package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.CommandTopics;
import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Event.Found;
import io.respawn.core.Event.Noted;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.Machine;
import io.respawn.core.Stamp;
import io.respawn.core.Standing;
import io.respawn.core.State;
import io.respawn.core.Step;
import io.respawn.core.TimerKey;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One life of the sidecar: the real machine between a simulated kernel, journal and broker. */
final class SimSidecar {

    private final SimWorld world;
    private final RandomGenerator random;
    private State state;
    private final Machine machine = new Machine(Duration.ofSeconds(10), Duration.ofSeconds(60));
    private final Map<TimerKey, Long> timers = new HashMap<>();
    private final Deque<Batch> unacknowledged = new ArrayDeque<>();
    private final List<Event> group = new ArrayList<>();
    private long timerOrdinal;
    private boolean alive = true;
    private boolean claimed;
    private long epoch;
    private boolean left;

    SimSidecar(SimWorld world, Plan plan, HostIdentity host) {
        this.world = world;
        this.random = world.random();
        Ledger fresh = Ledger.fresh(host);
        this.state = world.journal().restore(plan, fresh);
        unacknowledged.addAll(world.journal().unacknowledged());
    }

    void start(HostIdentity host) {
        boolean mustRestore = world.journal().isEmpty();
        feed(new Event.KafkaChanged(KafkaStatus.CONNECTING, ""));
        List<Found> found = world.kernel().found();
        feed(new Event.SidecarStarted(host, found, world.journal().notes(), true, mustRestore));
        world.configuration().changes().ifPresent(diff -> soon(20, () -> feed(new Event.PlanRemembered(diff, found))));
        soon(200, this::connect);
    }

    State state() {
        return state;
    }

    boolean hasLeft() {
        return left;
    }

    boolean isUp() {
        return alive && state.standing().phase() != Standing.Phase.NEW;
    }

    void die() {
        alive = false;
    }

    /** Every reaction comes later, and only if this life still lasts. */
    private void soon(int boundMillis, Runnable action) {
        world.time().in(Duration.ofMillis(random.nextInt(boundMillis)), () -> {
            if (alive) {
                action.run();
            }
        });
    }

    /** Whatever happens to instances may wait for more: then all of it is one group. */
    void feed(Event event) {
        if (!alive) {
            return;
        }
        group.add(event);
        if (isOfInstances(event) && random.nextInt(3) == 0) {
            soon(5, this::take);
        } else {
            take();
        }
    }

    /** Whether the news waits that an instance has another main. */
    boolean isToHearOfAnother(InstanceId instance) {
        return group.stream()
                .anyMatch(event -> event instanceof Event.HandedOver over
                        && over.instance().equals(instance));
    }

    private static boolean isOfInstances(Event event) {
        return switch (event) {
            case Event.ProcessSpawned ignored -> true;
            case Event.SpawnFailed ignored -> true;
            case Event.ProcessExited ignored -> true;
            case Event.ReadinessChanged ignored -> true;
            case Event.TimerFired ignored -> true;
            case Event.HookEnded ignored -> true;
            case Event.Said ignored -> true;
            default -> false;
        };
    }

    /** Decides on all, has all written, and only then acts. */
    private void take() {
        List<Event> events = List.copyOf(group);
        Stamp stamp = new Stamp(world.time().now(), random.nextLong());
        int before = world.journal().length();
        List<Effect> effects = new ArrayList<>();
        for (Event event : events) {
            group.removeFirst();
            effects.addAll(step(stamp, event));
        }
        if (random.nextInt(1_000) < events.size() && world.crashWhileWriting(before, events)) {
            return;
        }
        // The sidecar may die between the record and the deed, and after each deed.
        for (Effect effect : effects) {
            if (random.nextInt(2_000) == 0 && world.crash()) {
                return;
            }
            perform(effect);
        }
    }

    private List<Effect> step(Stamp stamp, Event event) {
        state = world.passage().apply(state);
        Step step = machine.step(state, stamp, event);
        step.batch().ifPresent(batch -> {
            world.journal().append(batch);
            unacknowledged.add(batch);
        });
        world.trace(event, step);
        world.audit().stepped(this, event);
        return step.effects();
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Spawn spawn -> soon(5, () -> spawn(spawn));
            // Here every start comes to an end.
            case Effect.AbandonStart ignored -> {}
            case Effect.Adopt adopt ->
                world.kernel()
                        .adopt(
                                new Found(adopt.instance(), adopt.incarnation(), adopt.process(), Optional.empty()),
                                this::exited);
            case Effect.SendSignal send -> world.kernel().signal(send.instance(), send.incarnation(), send.signal());
            case Effect.RunHook run -> world.hooks().run(this, run);
            case Effect.CancelHook cancel -> world.hooks().cancel(cancel);
            case Effect.RunStopCommand run -> runStopCommand(run);
            case Effect.StartProbe probe -> probe(probe);
            case Effect.StopProbe ignored -> {}
            case Effect.ArmTimer arm -> arm(arm);
            case Effect.CancelTimer cancel -> timers.remove(cancel.key());
            case Effect.SyncJournal sync ->
                soon(10, () -> {
                    if (!world.journal().isFull()) {
                        feed(new Event.JournalSynced(sync.seq()));
                    }
                });
            case Effect.Flush ignored -> soon(50, this::flush);
            case Effect.ReadConfiguration read ->
                soon(500, () -> feed(world.configuration().read(read)));
            case Effect.FollowPlan follow -> world.configuration().keep(follow.plan());
            case Effect.Respawn respawn -> soon(2_000, () -> respawn(respawn.intent()));
            case Effect.Leave ignored -> {
                left = true;
                alive = false;
                world.left();
            }
        }
    }

    /** The new image is refused, or goes on, or ends before it does. */
    private void respawn(IntentId intent) {
        switch (random.nextInt(3)) {
            case 0 -> feed(new Event.RespawnRefused(intent, "the new image cannot be started"));
            case 1 -> feed(new Event.Resumed(Optional.of(intent), Duration.ofMillis(80), "all there was"));
            default -> {
                if (!world.crash()) {
                    feed(new Event.Resumed(Optional.of(intent), Duration.ofMillis(80), "all there was"));
                }
            }
        }
    }

    /** It ends the process, or fails, or does nothing at all. */
    private void runStopCommand(Effect.RunStopCommand run) {
        switch (random.nextInt(3)) {
            case 0 -> soon(500, () -> world.kernel().signal(run.instance(), run.incarnation(), Signal.TERM));
            case 1 ->
                soon(
                        2_000,
                        () -> feed(new Event.StopCommandFailed(
                                run.instance(), run.incarnation(), run.step(), "exit code 1")));
            default -> {}
        }
    }

    /** Most are soon well and stay so; some never come up, and some fall ill. */
    private void probe(Effect.StartProbe probe) {
        if (random.nextInt(20) == 0 && !world.isCalm()) {
            soon(3_000, () -> fail(probe, ProbeFailed.Kind.STARTUP));
            return;
        }
        soon(5_000, () -> feed(new Event.ReadinessChanged(probe.instance(), probe.incarnation(), true, "")));
        if (random.nextInt(10) == 0 && !world.isCalm()) {
            soon(30_000, () -> fail(probe, ProbeFailed.Kind.LIVENESS));
        }
    }

    private void fail(Effect.StartProbe probe, ProbeFailed.Kind kind) {
        feed(new ProbeFailed(probe.instance(), probe.incarnation(), kind, "no answer"));
    }

    private void arm(Effect.ArmTimer arm) {
        long ordinal = timerOrdinal++;
        timers.put(arm.key(), ordinal);
        world.time().at(arm.deadline(), () -> {
            if (alive && timers.remove(arm.key(), ordinal)) {
                feed(new Event.TimerFired(arm.key()));
            }
        });
    }

    private void spawn(Effect.Spawn spawn) {
        Optional<ServiceSpec> spec = state.plan().service(spawn.instance().service());
        if (spec.isEmpty() || random.nextInt(50) == 0) {
            feed(new Event.SpawnFailed(spawn.instance(), spawn.incarnation(), "Cannot allocate memory"));
            return;
        }
        if (spawn.intent().isPresent()) {
            world.journal().note(new Noted(spawn.instance(), spawn.incarnation(), spawn.intent(), Optional.empty()));
            if (random.nextInt(500) == 0 && world.crash()) {
                world.audit().diedStarting(spawn.intent().get());
                return;
            }
        }
        SimKernel.SimProcess process =
                world.kernel().spawn(spawn.instance(), spawn.incarnation(), spawn.intent(), this::exited);
        world.audit().spawned(spawn);
        world.hooks().spawned(spec.get(), spawn);
        world.configuration()
                .started(spawn.instance(), spawn.incarnation(), spec.get().program());
        world.voices().begin(spec.get(), process);
        world.journal().note(process.noted());
        if (random.nextInt(500) == 0 && world.crash()) {
            return;
        }
        feed(new Event.ProcessSpawned(spawn.instance(), spawn.incarnation(), process.identity()));
    }

    private void exited(SimKernel.SimProcess process, ExitStatus status) {
        feed(new Event.ProcessExited(process.instance, process.incarnation, status, 0));
    }

    private void connect() {
        if (!world.kafka().isAvailable()) {
            soon(2_000, this::connect);
            return;
        }
        Optional<Ledger> theirs = world.kafka().ledger();
        epoch = Math.max(state.ledger().epoch(), theirs.map(Ledger::epoch).orElse(0L)) + 1;
        feed(new Event.KafkaChanged(KafkaStatus.RESTORING, ""));
        feed(new Event.StateRestored(
                epoch,
                theirs,
                world.kafka().records(),
                new CommandTopics(Map.of(SimKafka.TOPIC + "-0", world.firstPosition()), Map.of(), Map.of())));
        soon(20, this::commit);
    }

    /** Commits what is waiting, in order; the first commit of a life is its claim. */
    private void commit() {
        if (!world.kafka().isAvailable()) {
            if (claimed) {
                feed(new Event.KafkaChanged(KafkaStatus.DEGRADED, "no answer"));
            }
            soon(1_000, this::commit);
            return;
        }
        if (world.kafka().ledger().filter(l -> l.epoch() >= epoch && !isMine(l)).isPresent()) {
            feed(new Event.KafkaChanged(KafkaStatus.FENCED, "another sidecar owns the state"));
            return;
        }
        long seq = unacknowledged.isEmpty() ? 0 : unacknowledged.getLast().seq();
        List<Batch> batches = List.copyOf(unacknowledged);
        unacknowledged.clear();
        if (claimed) {
            world.kafka().commit(batches);
        } else {
            world.kafka().claim(batches, epoch);
            claimed = true;
            soon(5, this::poll);
        }
        if (seq > 0) {
            world.journal().acknowledged(seq);
            feed(new Event.BatchesCommitted(state.ledger().epoch(), seq));
        }
        if (state.standing().kafka() != KafkaStatus.LIVE) {
            feed(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        }
        soon(200, this::commit);
    }

    private boolean isMine(Ledger ledger) {
        return ledger.epoch() == epoch && ledger.host().equals(state.ledger().host());
    }

    private void poll() {
        if (state.standing().kafka() == KafkaStatus.FENCED) {
            return;
        }
        long next = state.ledger().positions().getOrDefault(SimKafka.TOPIC + "-0", 0L);
        if (world.kafka().isAvailable()) {
            // Now and then a record is delivered twice.
            long offset = next > 0 && random.nextInt(10) == 0 ? next - 1 : next;
            Optional<Command> command = world.kafka().read(offset);
            command.ifPresent(c -> feed(new Event.CommandReceived(c, Optional.of(SimKafka.position(offset)))));
        }
        soon(300, this::poll);
    }

    private void flush() {
        if (world.kafka().isAvailable()
                && claimed
                && world.kafka().ledger().filter(this::isMine).isPresent()) {
            world.kafka().commit(List.copyOf(unacknowledged));
            unacknowledged.clear();
            world.journal().acknowledged(state.ledger().seq());
        }
        feed(new Event.Flushed(unacknowledged.isEmpty()));
    }
}
