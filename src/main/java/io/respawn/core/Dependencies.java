package io.respawn.core;

import io.respawn.model.DependencyCondition;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells what a service waits for, and who waits for it. */
final class Dependencies {

    private Dependencies() {}

    /** The first that is in the way, in words; empty when nothing is. */
    static Optional<String> unmet(State state, ServiceSpec spec) {
        if (spec.ties().dependsOn().isEmpty() && spec.ties().after().isEmpty()) {
            return Optional.empty();
        }
        return unmetNeed(state, spec)
                .map(need -> "waits for '" + need.getKey() + "' to be "
                        + need.getValue().word())
                .or(() -> spec.ties().after().stream()
                        .sorted()
                        .filter(name -> isComingUp(state, name))
                        .map(name -> "lets '" + name + "' go first")
                        .findFirst());
    }

    private static Optional<Map.Entry<ServiceName, DependencyCondition>> unmetNeed(State state, ServiceSpec spec) {
        return spec.ties().dependsOn().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(need -> !isMet(state, need.getKey(), need.getValue()))
                .findFirst();
    }

    /** On its way up without a failure so far; whoever only wants to come after it does not wait for one that has none. */
    private static boolean isComingUp(State state, ServiceName name) {
        return state.service(name).stream()
                .flatMap(service -> service.instances().stream())
                .anyMatch(instance -> isComingUp(state, instance));
    }

    private static boolean isComingUp(State state, Instance instance) {
        return switch (instance.state()) {
            case InstanceState.Starting ignored -> true;
            case InstanceState.Running ignored -> true;
            case InstanceState.Waiting ignored ->
                state.wantsUp(instance.id())
                        && state.spec(instance.id())
                                .flatMap(spec -> unmetNeed(state, spec))
                                .map(need -> isUnderWay(state, need.getKey()))
                                .orElse(true);
            case InstanceState.Stopped ignored -> false;
            case InstanceState.Ready ignored -> false;
            case InstanceState.Terminating ignored -> false;
            case InstanceState.Killing ignored -> false;
            case InstanceState.BackingOff ignored -> false;
            case InstanceState.Exhausted ignored -> false;
            case InstanceState.Completed ignored -> false;
        };
    }

    /** Something is still to be expected of it: it comes up, or it runs towards its completion. */
    private static boolean isUnderWay(State state, ServiceName name) {
        return isComingUp(state, name)
                || state.service(name)
                        .filter(service -> service.any(instance -> instance.state() instanceof InstanceState.Ready))
                        .isPresent();
    }

    private static boolean isMet(State state, ServiceName name, DependencyCondition condition) {
        // Instances that are not declared any more are on their way out; nobody waits for them.
        return state.service(name)
                .filter(service -> service.all(
                        instance -> state.spec(instance.id()).isEmpty() || isMet(instance.state(), condition)))
                .isPresent();
    }

    private static boolean isMet(InstanceState state, DependencyCondition condition) {
        return switch (condition) {
            case STARTED -> state instanceof InstanceState.Running || state instanceof InstanceState.Ready;
            case READY -> state instanceof InstanceState.Ready;
            case COMPLETED -> state instanceof InstanceState.Completed;
            case COMPLETED_SUCCESSFULLY -> state instanceof InstanceState.Completed done && done.successful();
        };
    }

    /** Those that cannot do without it. */
    static List<ServiceName> dependentsOf(State state, ServiceName name) {
        return state.followersOf(name).stream()
                .filter(spec -> spec.ties().dependsOn().containsKey(name))
                .map(ServiceSpec::name)
                .toList();
    }

    /** Those that start after it and stop before it, whether they need it or not. */
    static List<ServiceName> followersOf(State state, ServiceName name) {
        return state.followersOf(name).stream().map(ServiceSpec::name).toList();
    }
}
