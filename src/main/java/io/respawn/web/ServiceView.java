package io.respawn.web;

import io.respawn.core.Instance;
import io.respawn.core.Service;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Snapshot;
import java.util.List;
import java.util.Optional;

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
 * @param instances its copies
 */
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
        List<InstanceView> instances) {

    static ServiceView of(Service service, Snapshot snapshot) {
        List<InstanceView> instances = service.instances().stream()
                .map(instance -> InstanceView.of(instance, snapshot.queue().get(instance.id())))
                .toList();
        Optional<ServiceSpec> spec = snapshot.plan().service(service.name());
        return new ServiceView(
                service.name().value(),
                Words.of(service.desired()),
                service.handSet(),
                service.orderedBy(),
                Words.summary(instances.stream().map(InstanceView::state).toList()),
                Words.summary(
                        instances.stream().map(InstanceView::supervisorState).toList()),
                service.all(Instance::isReady),
                spec.map(declared -> declared.role().essential()).orElse(false),
                spec.isPresent(),
                instances);
    }

    static Optional<ServiceView> find(ServiceName name, Snapshot snapshot) {
        return Optional.ofNullable(snapshot.services().get(name)).map(service -> of(service, snapshot));
    }
}
