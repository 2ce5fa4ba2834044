package io.respawn.process;

import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Puts a child's environment together: the sidecar's own without what is meant for the sidecar alone, the service's, the tags. */
final class ChildEnvironment {

    /** What a service manager above us says to us: a child that took it for its own would answer in our name. */
    private static final Set<String> OURS = Set.of(
            "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "MAINPID");

    private final SidecarId sidecar;
    private final Map<String, String> inherited;
    private final Function<ServiceSpec, Map<String, String>> further;

    /** {@code further} is what a service gets beside what was configured; those who attend it do not. */
    ChildEnvironment(SidecarId sidecar, Map<String, String> own, Function<ServiceSpec, Map<String, String>> further) {
        this.sidecar = sidecar;
        this.further = further;
        this.inherited = new TreeMap<>(own);
        inherited.keySet().removeIf(name -> name.startsWith(Tags.PREFIX) || OURS.contains(name));
    }

    List<String> of(ServiceSpec spec, Tags tags) {
        Map<String, String> environment = new TreeMap<>(inherited);
        environment.putAll(spec.program().environment());
        if (!tags.helper()) {
            environment.putAll(further.apply(spec));
        }
        environment.putAll(tags.variables(sidecar));
        return environment.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }
}
