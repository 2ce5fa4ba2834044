package io.respawn.core;

import io.respawn.model.Action;
import io.respawn.model.Backoff;
import io.respawn.model.Budget;
import io.respawn.model.Command;
import io.respawn.model.DependencyCondition;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Role;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Ties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A machine driven by hand, with a clock that only the test moves. */
final class Machines {

    static final HostIdentity HOST = new HostIdentity("boot-1", 4026531836L);
    static final ServiceName WEB = new ServiceName("web");
    static final ServiceName DB = new ServiceName("db");
    static final InstanceId WEB_0 = new InstanceId(WEB, 0);
    static final InstanceId DB_0 = new InstanceId(DB, 0);

    private static final Budget PLENTY = new Budget(1000, Duration.ofSeconds(1), 1000, 1000);

    final State state;
    final List<Effect> effects = new ArrayList<>();
    final List<PublicEvent> events = new ArrayList<>();
    final List<Batch> batches = new ArrayList<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Machine machine = new Machine(Duration.ofSeconds(10), Duration.ofSeconds(60));
    private int ids;
    private boolean broken;
    private long entropy = 42;

    Machines(ServiceSpec... specs) {
        this(PLENTY, specs);
    }

    Machines(Budget budget, ServiceSpec... specs) {
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        for (ServiceSpec spec : specs) {
            services.put(spec.name(), spec);
        }
        state = new State(new Plan(new SidecarId("sim"), Map.of(), budget, services), Ledger.fresh(HOST));
    }

    Machines(Plan plan) {
        state = new State(plan, Ledger.fresh(HOST));
    }

    /** Runs, with nothing found; orders count as durable at once, since there is neither a disk nor Kafka. */
    Machines started() {
        feed(new Event.SidecarStarted(HOST, List.of(), List.of(), false, false));
        return this;
    }

    /** The same services and records in a new life, which has seen nothing yet. */
    Machines nextLife(ServiceSpec... specs) {
        return nextLife(PLENTY, specs);
    }

    Machines nextLife(Budget budget, ServiceSpec... specs) {
        Machines next = new Machines(budget, specs);
        batches.forEach(batch -> batch.records().forEach(next.state::fold));
        next.state.fold(state.ledger());
        next.now = now;
        next.ids = ids;
        next.entropy = entropy + 1;
        return next;
    }

    /** From now on nobody can tell the time, which is a defect that shows late in a step. */
    void breaksOnTime() {
        broken = true;
    }

    void worksAgain() {
        broken = false;
    }

    @SuppressWarnings("NullAway")
    private Stamp stamp() {
        return broken ? new Stamp(null, entropy) : new Stamp(now, entropy);
    }

    Step feed(Event event) {
        Step step = machine.step(state, stamp(), event);
        effects.addAll(step.effects());
        step.batch().ifPresent(batch -> {
            batches.add(batch);
            events.addAll(batch.events());
        });
        return step;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    IntentId order(Action action, ServiceName service) {
        IntentId id = new IntentId(action.word() + "-" + ids++);
        feed(new Event.CommandReceived(Command.of(id, "test", action, Optional.of(service)), Optional.empty()));
        return id;
    }

    Instance web() {
        return state.instance(WEB_0).orElseThrow();
    }

    Intent.Outcome outcome(IntentId id) {
        return ended(id).outcome();
    }

    String detail(IntentId id) {
        return ended(id).detail();
    }

    private Intent.Ended ended(IntentId id) {
        return (Intent.Ended) state.intent(id).orElseThrow().phase();
    }

    List<String> types() {
        return events.stream()
                .map(event -> event.type().substring("io.respawn.".length()).replace(".v1", ""))
                .toList();
    }

    static ProcessIdentity process(int pid) {
        return new ProcessIdentity(pid, pid * 10L);
    }

    static ServiceSpec with(ServiceSpec spec, RestartPolicy restart, int priority, boolean endsSidecar) {
        return spec.with(restart)
                .with(new Role(spec.role().autostart(), spec.role().essential(), endsSidecar, false, priority));
    }

    static ServiceSpec spec(ServiceName name, boolean probed, ServiceName... needs) {
        return spec(name, 1, probed, needs);
    }

    static ServiceSpec spec(ServiceName name, int instances, boolean probed, ServiceName... needs) {
        Map<ServiceName, DependencyCondition> dependsOn = new TreeMap<>();
        for (ServiceName need : needs) {
            dependsOn.put(need, DependencyCondition.READY);
        }
        Optional<Probe> probe = probed
                ? Optional.of(new Probe(
                        new Probe.TcpSocket(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1))
                : Optional.empty();
        Backoff backoff = new Backoff(Duration.ofMillis(500), 2.0, Duration.ofSeconds(30), 0.1, Duration.ofSeconds(30));
        return ServiceSpec.of(name, List.of("/bin/" + name))
                .withInstances(instances)
                .with(new Ties(dependsOn, java.util.Set.of()))
                .with(new RestartPolicy(RestartPolicy.Mode.ALWAYS, java.util.Set.of(0), backoff))
                .with(new Probes(Optional.empty(), probe, Optional.empty()))
                .withSignals(java.util.Set.of());
    }
}
