package io.respawn.process;

import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    /** As it is handed over, by name: most services add little to it, and each start asks for it. */
    private final Map<String, String> inherited = new TreeMap<>();

    private final Function<ServiceSpec, Map<String, String>> further;

    /** {@code further} is what a service gets beside what was configured; those who attend it do not. */
    ChildEnvironment(SidecarId sidecar, Map<String, String> own, Function<ServiceSpec, Map<String, String>> further) {
        this.sidecar = sidecar;
        this.further = further;
        own.forEach((name, value) -> {
            if (!name.startsWith(Tags.PREFIX) && !OURS.contains(name)) {
                inherited.put(name, entry(name, value));
            }
        });
    }

    List<String> of(ServiceSpec spec, Tags tags) {
        Map<String, String> added = new LinkedHashMap<>(spec.program().environment());
        if (!tags.helper()) {
            added.putAll(further.apply(spec));
        }
        added.putAll(tags.variables(sidecar));
        List<String> entries = new ArrayList<>(inherited.size() + added.size());
        inherited.forEach((name, entry) -> {
            if (!added.containsKey(name)) {
                entries.add(entry);
            }
        });
        added.forEach((name, value) -> entries.add(entry(name, value)));
        return entries;
    }

    private static String entry(String name, String value) {
        return name + "=" + value;
    }
}
