package io.respawn.process;

import io.respawn.model.EnvironmentSources;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import java.nio.file.Path;
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

    /**
     * The entries for a process.
     *
     * @param directory the sidecar's own, from which files are seen
     * @throws UnusableSetup when it cannot be put together
     */
    List<String> of(ServiceSpec spec, Tags tags, Path directory) {
        return of(spec, tags, Map.of(), directory);
    }

    /** The same with what this process alone is told. */
    List<String> of(ServiceSpec spec, Tags tags, Map<String, String> told, Path directory) {
        EnvironmentSources sources = spec.program().sources();
        boolean plain = sources.equals(EnvironmentSources.DEFAULT);
        Map<String, String> added = plain
                ? new LinkedHashMap<>(spec.program().environment())
                : declared(sources, spec.program().environment(), directory);
        boolean shell = Setups.needsShell(spec.program().setting());
        if (shell) {
            requireShellNames(spec, added);
        }
        if (!tags.helper()) {
            added.putAll(further.apply(spec));
        }
        added.putAll(tags.variables(sidecar));
        added.putAll(told);
        List<String> entries = new ArrayList<>(inherited.size() + added.size());
        inherited.forEach((name, entry) -> {
            if (!added.containsKey(name) && (plain || sources.inherits(name)) && (!shell || isShellName(name))) {
                entries.add(entry);
            }
        });
        added.forEach((name, value) -> entries.add(entry(name, value)));
        return entries;
    }

    private static Map<String, String> declared(
            EnvironmentSources sources, Map<String, String> environment, Path directory) {
        Map<String, String> declared = new LinkedHashMap<>(EnvironmentFiles.variables(sources, directory));
        declared.putAll(environment);
        declared.putAll(EnvironmentFiles.secrets(sources, directory));
        return declared;
    }

    /** Not all shells hand on other names, so that they would be lost without a word. */
    private static void requireShellNames(ServiceSpec spec, Map<String, String> added) {
        added.keySet().stream().filter(name -> !isShellName(name)).findFirst().ifPresent(name -> {
            throw UnusableSetup.environment("Cannot hand the variable '" + name + "' to " + spec.name()
                    + " through the shell that its umask, limits, oom-score-adj or cgroup need: rename the variable, or"
                    + " remove these keys");
        });
    }

    private static boolean isShellName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static String entry(String name, String value) {
        return name + "=" + value;
    }
}
