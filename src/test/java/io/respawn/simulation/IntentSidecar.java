package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Event.Found;
import io.respawn.core.Event.Noted;
import io.respawn.core.Intent;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.Machine;
import io.respawn.core.Stamp;
import io.respawn.core.Standing;
import io.respawn.core.State;
import io.respawn.core.StateRecord;
import io.respawn.core.Step;
import io.respawn.core.TimerKey;
import io.respawn.model.ExitStatus;
import io.respawn.simulation.IntentDeath.Point;
import io.respawn.simulation.SimBroker.WriteSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One life of a sidecar on its host; it can end at each of the instants that are named here. */
final class IntentSidecar {

    private static final int NEWS_OF_A_START = 20;

    private final IntentHistory history;
    private final SimHost host;
    private final RandomGenerator random;
    private final State state;
    private final SimSession session;
    private final Machine machine = new Machine(Duration.ofSeconds(10), Duration.ofSeconds(60));
    private final Map<TimerKey, Long> timers = new HashMap<>();
    private long timerOrdinal;
    private boolean alive = true;

    IntentSidecar(IntentHistory history, SimHost host) {
        this.history = history;
        this.host = host;
        this.random = history.random();
        this.state = host.journal().restore(history.plan(), Ledger.fresh(host.identity()));
        this.session = new SimSession(this, history.broker(), random, history.sabotage());
    }

    void start() {
        history.audit().begun(this);
        boolean mustRestore = host.journal().isEmpty();
        session.start(state.ledger(), host.journal().unacknowledged());
        feed(new Event.KafkaChanged(KafkaStatus.CONNECTING, ""));
        feed(new Event.SidecarStarted(
                host.identity(), host.kernel().found(), host.journal().notes(), true, mustRestore));
    }

    State state() {
        return state;
    }

    SimHost host() {
        return host;
    }

    SimSession session() {
        return session;
    }

    boolean isAlive() {
        return alive;
    }

    boolean isUp() {
        return alive && state.standing().phase() != Standing.Phase.NEW;
    }

    void die() {
        alive = false;
    }

    /** Every reaction comes later, and only if this life still lasts. */
    void soon(int boundMillis, Runnable action) {
        in(random.nextInt(boundMillis), action);
    }

    void in(int millis, Runnable action) {
        history.time().in(Duration.ofMillis(millis), () -> {
            if (alive) {
                action.run();
            }
        });
    }

    /** Passes an instant; true if this life ends here. */
    private boolean dies(Point point, Event event, Step step) {
        return alive && history.dies(new IntentDeath(this, point, Optional.of(event), Optional.of(step)));
    }

    /** The broker has committed it; the answer is still on its way. */
    void committed(WriteSet set) {
        if (alive) {
            history.dies(new IntentDeath(this, Point.COMMITTED, Optional.empty(), Optional.empty()));
        }
    }

    void feed(Event event) {
        if (!alive) {
            return;
        }
        history.count();
        Step step = decide(event);
        history.trace(() -> host.identity().bootId() + " " + event + " -> " + step);
        if (dies(Point.DECIDED, event, step)) {
            return;
        }
        step.batch().ifPresent(batch -> {
            host.keep(batch);
            session.offer(batch);
        });
        history.audit().stepped(this, event, step);
        if (dies(Point.KEPT, event, step)) {
            return;
        }
        if (event instanceof Event.BatchesCommitted committed) {
            host.journal().acknowledged(committed.seq());
        }
        for (Effect effect : step.effects()) {
            perform(effect);
            if (dies(Point.ACTED, event, step)) {
                return;
            }
        }
    }

    private Step decide(Event event) {
        Step step = machine.step(state, new Stamp(history.time().now(), random.nextLong()), event);
        return history.sabotage() == Sabotage.LATER_FIRST
                ? step.batch().map(batch -> backwards(batch, step)).orElse(step)
                : step;
    }

    /** What is accepted gets a number below all others. */
    private Step backwards(Batch batch, Step step) {
        List<StateRecord> records =
                batch.records().stream().map(IntentSidecar::backwards).toList();
        records.forEach(state::fold);
        Batch changed = new Batch(batch.ledger(), records, batch.events(), batch.deadLetters());
        return new Step(Optional.of(changed), step.effects());
    }

    private static StateRecord backwards(StateRecord entry) {
        return entry instanceof Intent intent && intent.order() > 0
                ? new Intent(
                        intent.command(),
                        -intent.order(),
                        intent.origin(),
                        intent.position(),
                        intent.acceptedAt(),
                        intent.phase())
                : entry;
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Spawn spawn -> soon(40, () -> spawn(spawn));
            case Effect.Adopt adopt ->
                host.kernel()
                        .adopt(
                                new Found(adopt.instance(), adopt.incarnation(), adopt.process(), Optional.empty()),
                                this::exited);
            case Effect.SendSignal send -> host.kernel().signal(send.instance(), send.incarnation(), send.signal());
            case Effect.StartProbe probe ->
                soon(3_000, () -> feed(new Event.ReadinessChanged(probe.instance(), probe.incarnation(), true, "")));
            case Effect.StopProbe ignored -> {}
            case Effect.ArmTimer arm -> arm(arm);
            case Effect.CancelTimer cancel -> timers.remove(cancel.key());
            case Effect.SyncJournal sync -> soon(30, () -> feed(new Event.JournalSynced(sync.seq())));
            case Effect.ReadConfiguration read -> soon(60, () -> feed(configuration(read)));
            case Effect.FollowPlan no -> throw new AssertionError("nobody asked for " + no);
            case Effect.AbandonStart no -> throw new AssertionError("nobody asked for " + no);
            case Effect.RunHook no -> throw new AssertionError("nobody asked for " + no);
            case Effect.CancelHook no -> throw new AssertionError("nobody asked for " + no);
            case Effect.RunStopCommand no -> throw new AssertionError("nobody asked for " + no);
            case Effect.Flush no -> throw new AssertionError("nobody asked for " + no);
            case Effect.Leave no -> throw new AssertionError("nobody asked for " + no);
            case Effect.Respawn no -> throw new AssertionError("nobody asked for " + no);
        }
    }

    /** Here it never says anything else: what a change does is the other simulation's. */
    private Event configuration(Effect.ReadConfiguration read) {
        return random.nextInt(3) == 0
                ? new Event.PlanRefused(Optional.of(read.intent()), List.of("a line is wrong"))
                : new Event.PlanRead(Optional.of(read.intent()), state.plan(), List.of());
    }

    private void arm(Effect.ArmTimer arm) {
        long ordinal = timerOrdinal++;
        timers.put(arm.key(), ordinal);
        history.time().at(arm.deadline(), () -> {
            if (alive && timers.remove(arm.key(), ordinal)) {
                feed(new Event.TimerFired(arm.key()));
            }
        });
    }

    private void spawn(Effect.Spawn spawn) {
        if (random.nextInt(30) == 0 && !history.isCalm()) {
            feed(new Event.SpawnFailed(spawn.instance(), spawn.incarnation(), "Cannot allocate memory"));
            return;
        }
        if (spawn.intent().isPresent()) {
            host.note(new Noted(spawn.instance(), spawn.incarnation(), spawn.intent(), Optional.empty()));
            if (history.dies(new IntentDeath(this, Point.BEGUN, Optional.empty(), Optional.empty()))) {
                history.audit().diedStarting(spawn);
                return;
            }
        }
        SimKernel.SimProcess process =
                host.kernel().spawn(spawn.instance(), spawn.incarnation(), spawn.intent(), this::exited);
        history.audit().spawned(this, spawn);
        if (history.dies(new IntentDeath(this, Point.SPAWNED, Optional.empty(), Optional.empty()))) {
            history.audit().diedStarting(spawn);
            return;
        }
        host.note(process.noted());
        if (history.dies(new IntentDeath(this, Point.NOTED, Optional.empty(), Optional.empty()))) {
            return;
        }
        soon(
                NEWS_OF_A_START,
                () -> feed(new Event.ProcessSpawned(spawn.instance(), spawn.incarnation(), process.identity())));
    }

    /** Never before the news of its start, which may take up to that long. */
    private void exited(SimKernel.SimProcess process, ExitStatus status) {
        in(NEWS_OF_A_START, () -> feed(new Event.ProcessExited(process.instance, process.incarnation, status, 0)));
    }
}
