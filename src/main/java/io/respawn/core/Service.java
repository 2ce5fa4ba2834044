package io.respawn.core;

import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.StopPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * A service as the records know it: what should be, and what each instance is.
 *
 * @param desired up or down
 * @param handSet whether somebody ordered {@code desired}; else it is the plan's {@code autostart}
 * @param orderedBy who ordered it, empty when nobody did
 * @param generation version of what is declared: the generation of the plan in which it changed last
 * @param scaled how many instances somebody ordered; as many as declared when empty
 * @param stop how to stop it, kept so that a service that is no longer declared can be stopped properly
 */
public record Service(
        ServiceName name,
        Desired desired,
        boolean handSet,
        String orderedBy,
        long generation,
        StopPolicy stop,
        List<Instance> instances,
        OptionalInt scaled)
        implements StateRecord {

    /** What should be. */
    public enum Desired {
        UP,
        DOWN
    }

    public Service {
        instances = List.copyOf(instances);
    }

    /** A service with as many instances as declared. */
    public Service(
            ServiceName name,
            Desired desired,
            boolean handSet,
            String orderedBy,
            long generation,
            StopPolicy stop,
            List<Instance> instances) {
        this(name, desired, handSet, orderedBy, generation, stop, instances, OptionalInt.empty());
    }

    @Override
    public String key() {
        return "service/" + name;
    }

    public boolean wantsUp() {
        return desired == Desired.UP;
    }

    public boolean any(Predicate<Instance> test) {
        return instances.stream().anyMatch(test);
    }

    public boolean all(Predicate<Instance> test) {
        return instances.stream().allMatch(test);
    }

    public Instance instance(int index) {
        return instances.get(index);
    }

    Service with(Instance changed) {
        List<Instance> next = new ArrayList<>(instances);
        next.set(changed.id().index(), changed);
        return with(next);
    }

    Service with(List<Instance> next) {
        return new Service(name, desired, handSet, orderedBy, generation, stop, next, scaled);
    }

    /** How many instances there should be of a service that is declared like this. */
    public int wanted(ServiceSpec spec) {
        return scaled.orElse(spec.instances());
    }

    Service scaled(OptionalInt next) {
        return new Service(name, desired, handSet, orderedBy, generation, stop, instances, next);
    }

    Service in(long next) {
        return new Service(name, desired, handSet, orderedBy, next, stop, instances, scaled);
    }

    Service ordered(Desired next, String by) {
        return new Service(name, next, true, by, generation, stop, instances, scaled);
    }

    Service with(StopPolicy next) {
        return new Service(name, desired, handSet, orderedBy, generation, next, instances, scaled);
    }
}
