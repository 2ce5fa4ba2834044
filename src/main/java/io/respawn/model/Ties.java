package io.respawn.model;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a service is tied to others. Both kinds make it start after them and stop before them.
 *
 * @param dependsOn what must be so before it starts
 * @param after whom it lets go first if they are on their way up; it does not need them
 */
public record Ties(Map<ServiceName, DependencyCondition> dependsOn, Set<ServiceName> after) {

    public static final Ties NONE = new Ties(Map.of(), Set.of());

    public Ties {
        dependsOn = Map.copyOf(dependsOn);
        after = Set.copyOf(after);
    }

    /** Everybody who is named, in the order of names. */
    public Stream<ServiceName> all() {
        return Stream.concat(dependsOn.keySet().stream(), after.stream())
                .distinct()
                .sorted();
    }

    public boolean includes(ServiceName other) {
        return dependsOn.containsKey(other) || after.contains(other);
    }
}
