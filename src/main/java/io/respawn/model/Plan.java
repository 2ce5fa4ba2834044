package io.respawn.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that was declared, checked as a whole: each dependency exists, and no service waits for itself. */
public record Plan(
        SidecarId id,
        Map<String, String> labels,
        Budget budget,
        IntentLimits intents,
        SortedMap<ServiceName, ServiceSpec> services,
        Sampling sampling) {

    public Plan {
        labels = Map.copyOf(labels);
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        List<String> mistakes = mistakes(services);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
    }

    /** A plan with the default budget. */
    public Plan(SidecarId id, Map<String, String> labels, SortedMap<ServiceName, ServiceSpec> services) {
        this(id, labels, Budget.DEFAULT, services);
    }

    /** A plan with the default limits for orders. */
    public Plan(SidecarId id, Map<String, String> labels, Budget budget, SortedMap<ServiceName, ServiceSpec> services) {
        this(id, labels, budget, IntentLimits.DEFAULT, services);
    }

    /** A plan that is sampled as usual. */
    public Plan(
            SidecarId id,
            Map<String, String> labels,
            Budget budget,
            IntentLimits intents,
            SortedMap<ServiceName, ServiceSpec> services) {
        this(id, labels, budget, intents, services, Sampling.DEFAULT);
    }

    public Optional<ServiceSpec> service(ServiceName name) {
        return Optional.ofNullable(services.get(name));
    }

    /** All mistakes among services that are each valid on their own; empty when there are none. */
    public static List<String> mistakes(SortedMap<ServiceName, ServiceSpec> services) {
        List<String> mistakes = new ArrayList<>();
        services.forEach((name, spec) -> spec.ties().all().forEach(other -> {
            if (!services.containsKey(other)) {
                mistakes.add("Cannot tie '" + name + "' to '" + other + "': there is no such service");
            }
        }));
        Set<ServiceName> done = new HashSet<>();
        for (ServiceName name : services.keySet()) {
            List<ServiceName> path = new ArrayList<>();
            if (findsCycle(services, name, path, done)) {
                mistakes.add("Cannot order the services: they wait for each other in a cycle, "
                        + String.join(
                                " -> ", path.stream().map(ServiceName::value).toList()));
                break;
            }
        }
        return mistakes;
    }

    private static boolean findsCycle(
            Map<ServiceName, ServiceSpec> services, ServiceName name, List<ServiceName> path, Set<ServiceName> done) {
        ServiceSpec spec = services.get(name);
        if (spec == null || done.contains(name)) {
            return false;
        }
        int seen = path.indexOf(name);
        path.add(name);
        if (seen >= 0) {
            path.subList(0, seen).clear();
            return true;
        }
        for (ServiceName dependency : spec.ties().all().toList()) {
            if (findsCycle(services, dependency, path, done)) {
                return true;
            }
        }
        path.removeLast();
        done.add(name);
        return false;
    }
}
