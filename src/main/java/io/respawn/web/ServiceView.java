package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.core.InstanceState;
import io.respawn.core.Service;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.ForwardCounts;
import io.respawn.supervise.Schedules.Outlook;
import io.respawn.supervise.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service, as the API shows it.
 *
 * @param name as declared
 * @param desired up or down
 * @param handSet whether somebody ordered {@code desired}
 * @param orderedBy who, empty when nobody did
 * @param state the word of its only instance, or a summary
 * @param supervisorState the same in the words of Supervisor
 * @param ready whether every instance is ready
 * @param essential whether the sidecar's readiness depends on it
 * @param declared whether the plan has it; one that was removed is shown until it is gone
 * @param wanted how many instances there should be
 * @param scaled whether somebody ordered that number, against the plan
 * @param forwarding what became of its lines; absent when none were ever to be
 * @param instances its copies, those included that are still on their way out
 * @param schedule how it stands with its schedule; absent when it has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceView(
        String name,
        String desired,
        boolean handSet,
        String orderedBy,
        String state,
        String supervisorState,
        boolean ready,
        boolean essential,
        boolean declared,
        int wanted,
        boolean scaled,
        @Nullable Forwarding forwarding,
        List<InstanceView> instances,
        @Nullable ScheduleView schedule) {

    /**
     * What became of the lines of a service that are forwarded.
     *
     * @param forwarded that Kafka has acknowledged
     * @param lost that had no room, or that Kafka refused
     * @param waiting that are neither yet
     */
    public record Forwarding(long forwarded, long lost, long waiting) {
        static Forwarding of(ForwardCounts.Count count) {
            return new Forwarding(count.forwarded(), count.lost(), count.waiting());
        }
    }

    static ServiceView of(Service service, Snapshot snapshot, Map<ServiceName, Outlook> outlooks) {
        Optional<ServiceSpec> spec = snapshot.plan().service(service.name());
        int wanted = spec.map(service::wanted).orElse(0);
        List<InstanceView> instances = service.instances().stream()
                // Of one that was scaled away only the count of its incarnations is left.
                .filter(instance ->
                        instance.id().index() < wanted || !(instance.state() instanceof InstanceState.Stopped))
                .map(instance -> InstanceView.of(instance, snapshot))
                .toList();
        return new ServiceView(
                service.name().value(),
                Words.of(service.desired()),
                service.handSet(),
                service.orderedBy(),
                Words.summary(instances.stream().map(InstanceView::state).toList()),
                Words.summary(
                        instances.stream().map(InstanceView::supervisorState).toList()),
                instances.stream().allMatch(instance -> instance.state().equals("ready")),
                spec.map(declared -> declared.role().essential()).orElse(false),
                spec.isPresent(),
                wanted,
                service.scaled().isPresent(),
                forwarding(service.name(), spec, snapshot),
                instances,
                ScheduleView.of(outlooks.get(service.name())));
    }

    private static @Nullable Forwarding forwarding(ServiceName name, Optional<ServiceSpec> spec, Snapshot snapshot) {
        ForwardCounts.Count count = snapshot.forwarding().get(name);
        if (count == null) {
            boolean asked = spec.filter(declared -> declared.output().forward()).isPresent();
            return asked ? new Forwarding(0, 0, 0) : null;
        }
        return Forwarding.of(count);
    }

    static Optional<ServiceView> find(ServiceName name, Snapshot snapshot, Map<ServiceName, Outlook> outlooks) {
        return Optional.ofNullable(snapshot.services().get(name)).map(service -> of(service, snapshot, outlooks));
    }
}
