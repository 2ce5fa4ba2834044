package io.respawn.web;

import io.respawn.model.ServiceName;
import io.respawn.supervise.Schedules.Outlook;
import io.respawn.supervise.Snapshot;
import java.util.List;
import java.util.Map;

/**
 * The sidecar and all its services at one moment.
 *
 * @param at the moment
 * @param sidecar how far the sidecar itself is
 * @param services in the order of their names
 */
public record ServicesView(String at, SidecarView sidecar, List<ServiceView> services) {

    static ServicesView of(Snapshot snapshot, PlanChangesView drift, Map<ServiceName, Outlook> outlooks) {
        return new ServicesView(
                snapshot.at().toString(),
                SidecarView.of(snapshot, drift),
                snapshot.services().values().stream()
                        .map(service -> ServiceView.of(service, snapshot, outlooks))
                        .toList());
    }
}
