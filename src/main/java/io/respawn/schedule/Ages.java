package io.respawn.schedule;

import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.Service;
import io.respawn.model.Schedule;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says when the processes of a service are too old: counted from their start, by the clock that no one sets. */
final class Ages {

    /** A process, and when it is too old. */
    record End(Instance instance, Instant at) {}

    private Ages() {}

    /** Of those that run; it does not matter who asks, or in which life of the sidecar. */
    static List<End> of(ServiceSpec spec, Snapshot snapshot) {
        Optional<Duration> most = spec.schedule().maxAge();
        Service service = snapshot.services().get(spec.name());
        List<End> ends = new ArrayList<>();
        if (most.isEmpty() || service == null) {
            return ends;
        }
        for (Instance instance : service.instances()) {
            if (instance.id().index() < service.wanted(spec)) {
                startOf(instance)
                        .ifPresent(start -> ends.add(new End(instance, start.plus(allowed(instance, spec, snapshot)))));
            }
        }
        return ends;
    }

    private static Duration allowed(Instance instance, ServiceSpec spec, Snapshot snapshot) {
        Schedule schedule = spec.schedule();
        String words = snapshot.plan().id() + "/" + instance.id() + "/" + instance.incarnation();
        return schedule.maxAge().orElseThrow().minus(Share.of(schedule.maxAgeSpread(), words));
    }

    private static Optional<Instant> startOf(Instance instance) {
        return switch (instance.state()) {
            case InstanceState.Running running -> Optional.of(running.startedAt());
            case InstanceState.Ready ready -> Optional.of(ready.startedAt());
            default -> Optional.empty();
        };
    }
}
