package io.respawn.simulation;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.Ledger;
import io.respawn.core.Machine;
import io.respawn.core.Service;
import io.respawn.core.Stamp;
import io.respawn.core.State;
import io.respawn.core.TimerKey;
import io.respawn.model.ExitStatus;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.Plan;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.Program;
import io.respawn.model.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A machine on a host where all goes well: every start succeeds, every process becomes ready, ends when asked, and does nothing else. */
final class PlannedHost {

    private static final HostIdentity HOST = new HostIdentity("boot-1", 1);

    private record Life(int pid, long incarnation, Program program) {}

    private final State state;
    private final Machine machine = new Machine(Duration.ofSeconds(10), Duration.ofSeconds(60));
    private final Map<InstanceId, Life> processes = new HashMap<>();
    private final Map<TimerKey, Instant> timers = new HashMap<>();
    private final Deque<Effect> todo = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int pid = 1_000;

    /** Starts fresh, and comes to rest. */
    PlannedHost(Plan plan) {
        state = new State(plan, Ledger.fresh(HOST));
        feed(new Event.SidecarStarted(HOST, List.of(), List.of(), false, false));
        rest();
    }

    void apply(Plan next) {
        feed(new Event.PlanRead(Optional.empty(), next, List.of()));
        rest();
    }

    /** The same with a defect that shows when all is decided; says whether it came that far. */
    @SuppressWarnings("NullAway")
    boolean failToApply(Plan next) {
        try {
            machine.step(state, new Stamp(null, 7), new Event.PlanRead(Optional.empty(), next, List.of()));
            return false;
        } catch (NullPointerException broken) {
            return true;
        }
    }

    private void feed(Event event) {
        todo.addAll(machine.step(state, new Stamp(now, 7), event).effects());
    }

    private void rest() {
        for (int rounds = 0; rounds < 10_000; rounds++) {
            Effect effect = todo.poll();
            if (effect != null) {
                perform(effect);
            } else if (!fireNext()) {
                return;
            }
        }
        throw new AssertionError("does not come to rest: " + state.describe());
    }

    /** Only what is still to happen soon: who waits for years of nothing is at rest. */
    private boolean fireNext() {
        Optional<Map.Entry<TimerKey, Instant>> next = timers.entrySet().stream()
                .filter(each -> !(each.getKey() instanceof TimerKey.Forgetting))
                .min(Map.Entry.<TimerKey, Instant>comparingByValue()
                        .thenComparing(each -> each.getKey().toString()));
        next.ifPresent(due -> {
            timers.remove(due.getKey());
            now = due.getValue().isAfter(now) ? due.getValue() : now;
            feed(new Event.TimerFired(due.getKey()));
        });
        return next.isPresent();
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Spawn spawn -> spawn(spawn);
            case Effect.SendSignal send -> end(send.instance(), send.incarnation());
            case Effect.RunHook run ->
                feed(new Event.HookEnded(run.instance(), run.incarnation(), run.point(), true, "exit code 0"));
            case Effect.RunStopCommand run -> end(run.instance(), run.incarnation());
            case Effect.StartProbe probe ->
                feed(new Event.ReadinessChanged(probe.instance(), probe.incarnation(), true, ""));
            case Effect.ArmTimer arm -> timers.put(arm.key(), arm.deadline());
            case Effect.CancelTimer cancel -> timers.remove(cancel.key());
            default -> {}
        }
    }

    private void spawn(Effect.Spawn spawn) {
        ServiceSpec spec = state.plan().service(spawn.instance().service()).orElseThrow();
        Life process = new Life(pid++, spawn.incarnation(), spec.program());
        processes.put(spawn.instance(), process);
        feed(new Event.ProcessSpawned(
                spawn.instance(), spawn.incarnation(), new ProcessIdentity(process.pid(), process.pid())));
        if (spec.start().isAnnounced()) {
            feed(new Event.CameUp(spawn.instance(), spawn.incarnation(), "is up"));
        }
    }

    private void end(InstanceId instance, long incarnation) {
        Life process = processes.get(instance);
        if (process != null && process.incarnation() == incarnation) {
            processes.remove(instance);
            feed(new Event.ProcessExited(instance, incarnation, new ExitStatus.Signalled(15, false), 0));
        }
    }

    /** Who runs as what, by instance. */
    Map<String, Integer> pids() {
        Map<String, Integer> pids = new TreeMap<>();
        processes.forEach((instance, process) -> pids.put(instance.service() + "/" + instance.index(), process.pid()));
        return pids;
    }

    Plan plan() {
        return state.plan();
    }

    /** All that a plan decides of how things stand, without what only tells how it came to be. */
    String picture() {
        StringBuilder picture = new StringBuilder();
        for (Service service : state.services().values()) {
            picture.append('\n')
                    .append(service.name())
                    .append(' ')
                    .append(service.desired())
                    .append(' ')
                    .append(service.stop());
            for (Instance instance : service.instances()) {
                Life process = processes.get(instance.id());
                if (process != null || !instance.isDown()) {
                    picture.append("\n  ")
                            .append(instance.id())
                            .append(' ')
                            .append(instance.state().word())
                            .append(' ')
                            .append(process == null ? "nothing" : process.program());
                }
            }
        }
        return picture.toString();
    }
}
