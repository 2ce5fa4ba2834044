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

    /** The first unmet dependency in words; empty when nothing is in the way. */
    static Optional<String> unmet(State state, ServiceSpec spec) {
        return spec.dependsOn().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(entry -> !isMet(state, entry.getKey(), entry.getValue()))
                .map(entry -> "waits for '" + entry.getKey() + "' to be "
                        + entry.getValue().word())
                .findFirst();
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

    static List<ServiceName> dependentsOf(State state, ServiceName name) {
        return state.plan().services().values().stream()
                .filter(spec -> spec.dependsOn().containsKey(name))
                .map(ServiceSpec::name)
                .toList();
    }
}
