package io.respawn.core;

import io.respawn.core.Event.Found;
import io.respawn.core.Event.Noted;
import io.respawn.core.Event.SidecarStarted;
import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.Intent.Started;
import io.respawn.core.Intent.Target;
import io.respawn.core.Service.Desired;
import io.respawn.model.Action;
import io.respawn.model.HookPoint;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.StopPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The first step of a sidecar's life: compares what the records say with what runs, and goes on from there. */
final class Recovery {

    private final Turn turn;

    Recovery(Turn turn) {
        this.turn = turn;
    }

    void started(SidecarStarted event) {
        State state = turn.state();
        boolean sameHost = state.ledger().host().equals(event.host());
        turn.standing().begin(turn.entropy(0), state.ledger());
        adoptHost(event.host());
        beginLife();
        turn.standing().durable(event.durable(), event.durable() ? "" : "the state directory cannot be written");
        turn.standing().enter(event.mustRestore() ? Standing.Phase.RESTORING : Standing.Phase.RUNNING);
        turn.announceSidecar("started", event.found().size() + " processes found running");
        Map<InstanceId, Found> found = byInstance(event.found());
        Map<InstanceId, Noted> noted =
                event.noted().stream().collect(Collectors.toMap(Noted::instance, Function.identity()));
        TreeSet<ServiceName> names = new TreeSet<>(state.plan().services().keySet());
        names.addAll(state.services().keySet());
        found.keySet().forEach(id -> names.add(id.service()));
        List<Service> services =
                names.stream().map(name -> declared(name, highest(name, found))).toList();
        services.forEach(turn::put);
        regate();
        for (Service service : services) {
            for (Instance instance : service.instances()) {
                reconcile(current(instance), sameHost, found, noted);
            }
        }
        services.forEach(service -> settle(service.name()));
        turn.state().open().services().forEach(turn::advanceLater);
    }

    private void beginLife() {
        Ledger ledger = turn.state().ledger();
        turn.state()
                .fold(ledger.with(
                        ledger.lineage().begun(turn.seq(), turn.standing().life())));
    }

    private void adoptHost(HostIdentity host) {
        turn.state().fold(turn.state().ledger().withHost(host));
    }

    private static Map<InstanceId, Found> byInstance(List<Found> found) {
        Map<InstanceId, Found> map = new TreeMap<>();
        found.forEach(f -> map.merge(f.instance(), f, (a, b) -> a.incarnation() >= b.incarnation() ? a : b));
        return map;
    }

    private static int highest(ServiceName name, Map<InstanceId, Found> found) {
        return found.keySet().stream()
                .filter(id -> id.service().equals(name))
                .mapToInt(id -> id.index() + 1)
                .max()
                .orElse(0);
    }

    /** The service as it is declared now, with the instances that the records know, and so many at least. */
    Service declared(ServiceName name, int highest) {
        Optional<ServiceSpec> spec = turn.state().plan().service(name);
        Optional<Service> known = turn.state().service(name);
        int recorded = known.map(service -> service.instances().size()).orElse(0);
        int count = Math.max(Math.max(highest, recorded), turn.state().wanted(name));
        List<Instance> instances = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            InstanceId id = new InstanceId(name, i);
            instances.add(i < recorded ? known.orElseThrow().instance(i) : turn.fresh(id));
        }
        boolean handSet = known.map(Service::handSet).orElse(false);
        Desired byPlan = spec.filter(declared -> declared.role().autostart()).isPresent() ? Desired.UP : Desired.DOWN;
        return new Service(
                name,
                handSet ? known.orElseThrow().desired() : byPlan,
                handSet,
                known.map(Service::orderedBy).orElse(""),
                known.map(Service::generation).orElse(turn.generation()),
                spec.map(declared -> declared.stop().withoutCommands())
                        .or(() -> known.map(Service::stop))
                        .orElse(StopPolicy.DEFAULT),
                instances,
                known.map(Service::scaled).orElse(OptionalInt.empty()));
    }

    private Instance current(Instance instance) {
        return turn.state().instance(instance.id()).orElse(instance);
    }

    private void reconcile(
            Instance recorded, boolean sameHost, Map<InstanceId, Found> found, Map<InstanceId, Noted> noted) {
        Found alive = found.get(recorded.id());
        if (alive != null) {
            new Adoption(turn).adopt(recorded, alive);
            return;
        }
        @Nullable Noted note = sameHost ? noted.get(recorded.id()) : null;
        new Adoption(turn).missing(recorded, note, sameHost);
    }

    /**
     * Started intents go on. One that has begun to touch processes was durable when it did; all others wait for their
     * gate anew, since another sidecar may own the state by now.
     */
    private void regate() {
        for (Intent intent : List.copyOf(turn.state().intents().values())) {
            if (intent.phase() instanceof Started && intent.command().action() == Action.RESPAWN) {
                new Respawning(turn).interrupted(intent);
            } else if (intent.phase() instanceof Started started) {
                if (started.targets().stream().noneMatch(target -> hasActed(intent, target))) {
                    new Orders(turn).gate(intent);
                } else {
                    // A disk that forgot may have kept one target's end and not what became of the others.
                    turn.releaseLater(intent.id());
                }
            } else if (intent.phase() instanceof Intent.Pending) {
                new Intake(turn).rearm(intent);
            }
        }
    }

    private boolean hasActed(Intent intent, Target target) {
        if (target.result().isPresent()) {
            return true;
        }
        Optional<Service> service = intent.command().service().flatMap(turn.state()::service);
        return service.flatMap(known -> turn.state().instance(new InstanceId(known.name(), target.index())))
                .filter(instance -> instance.intent().equals(Optional.of(intent.id()))
                        // An earlier order may have begun the stop; whose it is can be told from what it is to lead to.
                        || (isBeingStopped(instance.state())
                                && service.get().wantsUp() == (intent.command().action() != Action.STOP)))
                .isPresent();
    }

    private static boolean isBeingStopped(InstanceState state) {
        return switch (state) {
            case InstanceState.Terminating terminating -> terminating.cause() == StopCause.ORDERED;
            case InstanceState.Killing killing -> killing.cause() == StopCause.ORDERED;
            case InstanceState.Starting starting -> starting.abort();
            case InstanceState.Running ignored -> false;
            case InstanceState.Ready ignored -> false;
            case InstanceState.Stopped ignored -> false;
            case InstanceState.Waiting ignored -> false;
            case InstanceState.BackingOff ignored -> false;
            case InstanceState.Exhausted ignored -> false;
            case InstanceState.Completed ignored -> false;
        };
    }

    /** Brings every instance of a service to where the declaration wants it. */
    void settle(ServiceName name) {
        Service service = turn.state().service(name).orElse(null);
        if (service == null) {
            return;
        }
        for (Instance listed : service.instances()) {
            Instance instance = current(listed);
            if (turn.state().wantsUp(instance.id())) {
                if (instance.state() instanceof InstanceState.Stopped && !Scheduled.isJob(turn.state(), name)) {
                    new Lifecycle(turn).orderUp(instance);
                } else {
                    new Lifecycle(turn).proceed(instance);
                }
            } else if (instance.isLive() || instance.hooks().isAt(HookPoint.PRE_START)) {
                new Stopping(turn).terminate(instance, StopCause.ORDERED);
            } else if (instance.state() instanceof InstanceState.Waiting
                    || instance.state() instanceof InstanceState.Exhausted
                    || instance.state() instanceof InstanceState.BackingOff
                    || (instance.state() instanceof InstanceState.Completed && isUndeclared(name))) {
                new Stopping(turn).becomeStopped(instance);
            }
        }
        turn.state()
                .service(name)
                .filter(s -> isUndeclared(name))
                .filter(s -> s.all(Instance::isAtRest))
                .ifPresent(turn::forget);
    }

    private boolean isUndeclared(ServiceName name) {
        return turn.state().plan().service(name).isEmpty();
    }
}
