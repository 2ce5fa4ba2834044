package io.respawn.core;

import io.respawn.core.Event.Found;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.PlanDiff.Change;
import io.respawn.core.PlanDiff.Kind;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Puts another plan in force, in one step. What the new one does not touch stays as it is; restarts are orders like any
 * other, so that they are rationed, can be seen, and are not lost.
 */
final class PlanChange {

    /** The keys that say how a process is looked after that runs. */
    private static final Set<String> LOOKS =
            Set.of("startup-probe", "readiness-probe", "liveness-probe", "ready-line", "notify", "watchdog");

    private final Turn turn;
    private final PlanDiff diff;
    private final Optional<Intent> order;

    /** {@code order} is what wants it; nobody, when the configuration was found changed. */
    PlanChange(Turn turn, PlanDiff diff, Optional<Intent> order) {
        this.turn = turn;
        this.diff = diff;
        this.order = order;
    }

    void apply(Plan next) {
        turn.declare(next);
        diff.services().forEach(change -> declare(change.service()));
        // Whoever comes or goes can be looked at once all are declared: they may depend on each other.
        diff.services().forEach(change -> settle(change.service(), change.fields()));
        diff.services().stream()
                .filter(change -> change.kind() == Kind.RESTART)
                .forEach(change -> restart(change, this::isOutdated));
        lookAtAll();
        turn.perform(new Effect.FollowPlan(next));
    }

    /** The plan is in force already; only those are behind that were found running, and those that were given up. */
    void catchUp(List<Found> found) {
        turn.declare(turn.state().plan());
        for (Change change : diff.services()) {
            turn.state().service(change.service()).ifPresent(service -> turn.put(service.in(turn.generation())));
            if (change.kind() == Kind.RESTART) {
                restart(change, instance -> isOutdated(instance) && !isNew(instance, found));
            }
        }
        turn.perform(new Effect.FollowPlan(turn.state().plan()));
    }

    /** Whether it has a process that was started in this life. */
    private static boolean isNew(Instance instance, List<Found> found) {
        return !instance.isDown()
                && found.stream()
                        .noneMatch(each ->
                                each.instance().equals(instance.id()) && each.incarnation() == instance.incarnation());
    }

    private void declare(ServiceName name) {
        turn.put(new Recovery(turn).declared(name, 0).in(turn.generation()));
    }

    private void settle(ServiceName name, List<String> fields) {
        new Recovery(turn).settle(name);
        Optional<ServiceSpec> spec = turn.state()
                .plan()
                .service(name)
                .filter(ignored -> fields.stream().anyMatch(LOOKS::contains));
        for (Instance listed :
                turn.state().service(name).map(Service::instances).orElse(List.of())) {
            Instance instance = turn.state().instance(listed.id()).orElse(listed);
            if (spec.isPresent() && turn.state().wantsUp(instance.id())) {
                lookAfter(instance, spec.get());
            }
        }
    }

    /** It is asked by the new probes from now on; who is ready stays so until one of them says no. */
    private void lookAfter(Instance instance, ServiceSpec spec) {
        switch (instance.state()) {
            case Running running
            when running.awaited() && !spec.start().isAnnounced() -> {
                Instance up = instance.in(new Running(running.process(), running.startedAt()));
                turn.put(up);
                new Lifecycle(turn).lookAfter(up);
            }
            case Running running
            when !running.awaited() -> {
                turn.perform(new Effect.StopProbe(instance.id()));
                new Lifecycle(turn).lookAfter(instance);
            }
            case InstanceState.Ready ignored
            when spec.isLookedAfter() ->
                turn.perform(new Effect.StartProbe(instance.id(), instance.incarnation(), true));
            case InstanceState.Ready ignored -> turn.perform(new Effect.StopProbe(instance.id()));
            default -> {}
        }
    }

    /** Whether it runs, or did run, what is declared no more; what has no process yet begins with what is declared. */
    private boolean isOutdated(Instance instance) {
        return switch (instance.state()) {
            case InstanceState.Starting starting -> !starting.abort();
            case Running ignored -> true;
            case InstanceState.Ready ignored -> true;
            case InstanceState.BackingOff ignored -> true;
            case InstanceState.Exhausted ignored -> true;
            case InstanceState.Completed ignored -> true;
            case InstanceState.Stopped ignored -> false;
            case InstanceState.Waiting ignored -> false;
            case InstanceState.Terminating ignored -> false;
            case InstanceState.Killing ignored -> false;
        };
    }

    private void restart(Change change, Predicate<Instance> outdated) {
        List<Instance> wanted =
                turn.state().service(change.service()).map(Service::instances).orElse(List.of()).stream()
                        .filter(instance -> turn.state().wantsUp(instance.id()))
                        .toList();
        List<Instance> behind = wanted.stream().filter(outdated).toList();
        if (behind.size() == wanted.size() && !wanted.isEmpty()) {
            new Intake(turn).ordered(restart(change, OptionalInt.empty()));
        } else {
            for (Instance instance : behind) {
                new Intake(turn)
                        .ordered(restart(change, OptionalInt.of(instance.id().index())));
            }
        }
    }

    private Command restart(Change change, OptionalInt instance) {
        // Another life may count the same generations, before it knows what Kafka knows.
        String id = "reload/" + turn.standing().life() + "-" + turn.generation() + "/" + change.service()
                + (instance.isPresent() ? "/" + instance.getAsInt() : "");
        String by = order.map(Intent::command)
                .map(command -> command.requestedBy().isEmpty() ? command.id().value() : command.requestedBy())
                .orElse("configuration");
        Command command = Command.of(new IntentId(id), "reload", Action.RESTART, Optional.of(change.service()))
                .because("reload: changed " + String.join(", ", change.fields()), by);
        return instance.isPresent() ? command.at(instance.getAsInt()) : command;
    }

    /** Ties, priorities and budgets may be others for everybody who waits. */
    private void lookAtAll() {
        turn.touchAll();
        turn.releaseQueued();
        turn.rationLater();
        new ArrayList<>(turn.state().open().services()).forEach(turn::advanceLater);
    }
}
