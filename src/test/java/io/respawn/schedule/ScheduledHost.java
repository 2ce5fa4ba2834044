package io.respawn.schedule;

import io.respawn.core.Batch;
import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Intent;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.Machine;
import io.respawn.core.Stamp;
import io.respawn.core.State;
import io.respawn.core.StateRecord;
import io.respawn.core.Step;
import io.respawn.core.TimerKey;
import io.respawn.model.Action;
import io.respawn.model.Budget;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.IntentLimits;
import io.respawn.model.Plan;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.supervise.Durability;
import io.respawn.supervise.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The real machine and the real agenda between simulated processes and two clocks: one that nobody sets, and the one on the
 * wall. Processes end when they are asked to, and jobs when the test says so.
 */
final class ScheduledHost {

    static final ServiceName WEB = new ServiceName("web");
    static final ServiceName JOB = new ServiceName("job");

    private static final HostIdentity HOST = new HostIdentity("boot", 1);

    private final Machine machine = new Machine(Duration.ZERO, Duration.ofMinutes(1));
    private final Map<InstanceId, Event.Found> running = new HashMap<>();
    private final Map<String, StateRecord> records = new LinkedHashMap<>();
    private final List<String> started = new ArrayList<>();
    private final Duration memory;
    private Plan plan;
    private State state;
    private Agenda agenda = new Agenda();
    private Instant steady;
    private Duration wall = Duration.ZERO;
    private Optional<Instant> next = Optional.empty();
    private int pids = 10;
    private long entropy = 1;

    ScheduledHost(Instant now, ServiceSpec... specs) {
        this(now, IntentLimits.DEFAULT.endedAge(), specs);
    }

    /** Remembers orders for so long. */
    ScheduledHost(Instant now, Duration memory, ServiceSpec... specs) {
        this.memory = memory;
        plan = plan(specs);
        steady = now;
        state = new State(plan, Ledger.fresh(HOST));
        begin();
    }

    private Plan plan(ServiceSpec... specs) {
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        for (ServiceSpec spec : specs) {
            services.put(spec.name(), spec);
        }
        IntentLimits base = IntentLimits.DEFAULT;
        IntentLimits limits = new IntentLimits(base.openCount(), base.openBytes(), base.endedCount(), memory);
        return new Plan(new SidecarId("sim"), Map.of(), Budget.DEFAULT, limits, services);
    }

    private void begin() {
        feed(new Event.SidecarStarted(HOST, List.copyOf(running.values()), List.of(), true, false));
    }

    /** What the clock on the wall shows. */
    Instant now() {
        return steady.plus(wall);
    }

    /** Somebody sets that clock. */
    void set(Instant now) {
        wall = Duration.between(steady, now);
    }

    /** Time passes, and it is looked at the state as often as it has to be. */
    void pass(Duration time) {
        Instant end = steady.plus(time);
        look();
        while (next.filter(at -> at.isBefore(end.plus(wall))).isPresent()) {
            steady = next.get().minus(wall);
            look();
        }
        steady = end;
        look();
    }

    /** Time passes while no sidecar runs; then one begins that knows what is on the disk. */
    void passWithoutSidecar(Duration time) {
        steady = steady.plus(time);
        state = new State(plan, state.ledger());
        records.values().forEach(state::fold);
        agenda = new Agenda();
        begin();
    }

    /** Another image goes on; time passes meanwhile. */
    void respawn(Duration blackout) {
        state = State.resume(plan, state.continuation());
        steady = steady.plus(blackout);
        agenda = new Agenda();
    }

    void reload(ServiceSpec... specs) {
        plan = plan(specs);
        feed(new Event.PlanRead(Optional.empty(), plan, List.of()));
    }

    private void look() {
        Agenda.Look look = agenda.look(snapshot(), now());
        look.orders().forEach(order -> feed(new Event.CommandReceived(order, Optional.empty())));
        next = agenda.look(snapshot(), now()).next();
    }

    Snapshot snapshot() {
        return new Snapshot(
                steady,
                plan,
                Snapshot.Phase.RUNNING,
                KafkaStatus.OFF,
                "",
                Durability.LOCAL,
                "",
                state.ledger(),
                new TreeMap<>(state.services()),
                new LinkedHashMap<>(state.intents()),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                new TreeMap<>(),
                0);
    }

    void order(Action action, ServiceName service) {
        IntentId id = new IntentId(action.word() + "-" + entropy);
        feed(new Event.CommandReceived(
                Command.of(id, "test", action, Optional.of(service)).because("", "op"), Optional.empty()));
    }

    /** A process ends by itself. */
    void exit(ServiceName service, int code) {
        InstanceId id = new InstanceId(service, 0);
        Event.Found process = running.remove(id);
        feed(new Event.ProcessExited(id, process.incarnation(), new ExitStatus.Exited(code), 0));
    }

    boolean isRunning(ServiceName service) {
        return running.containsKey(new InstanceId(service, 0));
    }

    /** Forgets what is old, as is done each minute. */
    void forget() {
        feed(new Event.TimerFired(new TimerKey.Forgetting()));
    }

    /** The orders of schedules that a process was started for, in that order. */
    List<String> runs() {
        return started;
    }

    /** How the order that is planned for a time ended. */
    String outcome(ServiceName service, String planned) {
        Intent intent = state.intents().get(new IntentId("schedule/" + service + "/" + planned));
        return intent == null
                ? "none"
                : intent.phase() instanceof Intent.Ended end ? end.outcome().word() + ": " + end.detail() : "open";
    }

    String reason(ServiceName service, String planned) {
        return state.intents()
                .get(new IntentId("schedule/" + service + "/" + planned))
                .command()
                .reason();
    }

    /** All ids of orders that schedules gave, and that are remembered. */
    List<String> planned() {
        return state.intents().values().stream()
                .filter(intent -> intent.command().source().equals("schedule"))
                .filter(intent -> intent.command().action() != Action.PING)
                .map(intent -> intent.id().value())
                .toList();
    }

    private void feed(Event event) {
        Deque<Event> events = new ArrayDeque<>(List.of(event));
        while (!events.isEmpty()) {
            Step step = machine.step(state, new Stamp(steady, entropy++), events.removeFirst());
            step.batch().ifPresent(this::keep);
            step.effects().forEach(effect -> follow(effect).ifPresent(events::add));
        }
    }

    private void keep(Batch batch) {
        batch.records().forEach(entry -> records.put(entry.key(), entry));
    }

    private Optional<Event> follow(Effect effect) {
        return switch (effect) {
            case Effect.Spawn spawn -> {
                spawn.intent()
                        .map(IntentId::value)
                        .filter(id -> id.startsWith("schedule/"))
                        .ifPresent(started::add);
                ProcessIdentity process = new ProcessIdentity(pids++, pids);
                running.put(
                        spawn.instance(),
                        new Event.Found(spawn.instance(), spawn.incarnation(), process, spawn.intent()));
                yield Optional.of(new Event.ProcessSpawned(spawn.instance(), spawn.incarnation(), process));
            }
            case Effect.SendSignal send
            when send.signal() == Signal.TERM -> {
                running.remove(send.instance());
                yield Optional.of(new Event.ProcessExited(
                        send.instance(), send.incarnation(), new ExitStatus.Signalled(15, false), 0));
            }
            case Effect.SyncJournal sync -> Optional.of(new Event.JournalSynced(sync.seq()));
            case Effect.ArmTimer arm
            when arm.key() instanceof TimerKey.OrderRelease || arm.key() instanceof TimerKey.BudgetRelease -> {
                steady = arm.deadline().isAfter(steady) ? arm.deadline() : steady;
                yield Optional.of(new Event.TimerFired(arm.key()));
            }
            default -> Optional.empty();
        };
    }
}
