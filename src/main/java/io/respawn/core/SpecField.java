package io.respawn.core;

import io.respawn.model.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A field of a service's declaration, by its key in the configuration.
 *
 * @param restarts whether a running process cannot take a change of it up
 */
record SpecField(String key, boolean restarts, Function<ServiceSpec, @Nullable Object> value) {

    private static final SpecField ENVIRONMENT =
            fixed("environment", spec -> spec.program().environment());

    /** What a process was started with. */
    private static final List<SpecField> PROGRAM = List.of(
            fixed("command", spec -> spec.program().command()),
            fixed("working-directory", spec -> spec.program().workingDirectory()),
            ENVIRONMENT,
            fixed("inherit-environment", spec -> spec.program().sources().inherited()),
            fixed("environment-files", spec -> spec.program().sources().files()),
            fixed("secret-environment", spec -> spec.program().sources().secretFiles()),
            fixed("user", spec -> spec.program().setting().user()),
            fixed("group", spec -> spec.program().setting().group()),
            fixed("supplementary-groups", spec -> spec.program().setting().supplementaryGroups()),
            fixed("umask", spec -> spec.program().setting().umask()),
            fixed("no-new-privileges", spec -> spec.program().setting().noNewPrivileges()),
            fixed("limits", spec -> spec.program().setting().limits()),
            fixed("limits.nice", spec -> spec.program().setting().nice()),
            fixed("limits.oom-score-adj", spec -> spec.program().setting().oomScoreAdj()),
            fixed("cgroup", spec -> spec.program().setting().cgroup()));

    private static final List<SpecField> OTHERS = List.of(
            // Told to a process by its environment.
            fixed("notify", spec -> spec.start().notifies()),
            fixed("watchdog", spec -> spec.start().watchdog()),
            free("instances", ServiceSpec::instances),
            free("autostart", spec -> spec.role().autostart()),
            free("essential", spec -> spec.role().essential()),
            free("ends-sidecar", spec -> spec.role().endsSidecar()),
            free("infrastructure", spec -> spec.role().infrastructure()),
            free("priority", spec -> spec.role().priority()),
            free("depends-on", spec -> spec.ties().dependsOn()),
            free("after", spec -> spec.ties().after()),
            free("start-timeout", spec -> spec.start().timeout()),
            free("ready-line", spec -> spec.start().readyLine()),
            free("restart.policy", spec -> spec.restart().mode()),
            free("restart.success-exit-codes", spec -> spec.restart().successExitCodes()),
            free("restart.rules", spec -> spec.restart().rules()),
            free("restart.backoff", spec -> spec.restart().backoff()),
            free("restart.limit", spec -> spec.restart().limit()),
            free("restart.scope", spec -> spec.restart().scope()),
            free("restart.rate", spec -> spec.restart().rate()),
            free("stop", ServiceSpec::stop),
            free("startup-probe", spec -> spec.probes().startup()),
            free("readiness-probe", spec -> spec.probes().readiness()),
            free("liveness-probe", spec -> spec.probes().liveness()),
            free("signals", ServiceSpec::signals),
            free("output.console", spec -> spec.output().console()),
            free("output.file", spec -> spec.output().file()),
            free("output.forward", spec -> spec.output().forward()),
            free("output.triggers", spec -> spec.output().triggers()),
            free("resources", ServiceSpec::memory),
            free("schedule", ServiceSpec::schedule),
            free("hooks.pre-start", spec -> spec.hooks().preStart()),
            free("hooks.post-start", spec -> spec.hooks().postStart()),
            free("hooks.pre-stop", spec -> spec.hooks().preStop()),
            free("hooks.post-stop", spec -> spec.hooks().postStop()));

    /** Whatever else a process is started with cannot change under it. */
    private static final SpecField REST_OF_PROGRAM = fixed("process set-up", ServiceSpec::program);

    /** Whatever else is declared concerns the sidecar alone. */
    private static final SpecField REST = free("other fields", spec -> spec);

    private static SpecField fixed(String key, Function<ServiceSpec, @Nullable Object> value) {
        return new SpecField(key, true, value);
    }

    private static SpecField free(String key, Function<ServiceSpec, @Nullable Object> value) {
        return new SpecField(key, false, value);
    }

    /** Those in which two declarations of a service differ; never none if they do. */
    static List<SpecField> changed(ServiceSpec before, ServiceSpec after) {
        List<SpecField> changed = new ArrayList<>();
        PROGRAM.stream().filter(field -> field.differs(before, after)).forEach(changed::add);
        if (changed.isEmpty() && REST_OF_PROGRAM.differs(before, after)) {
            changed.add(REST_OF_PROGRAM);
        }
        OTHERS.stream().filter(field -> field.differs(before, after)).forEach(changed::add);
        if (changed.isEmpty() && REST.differs(before, after)) {
            changed.add(REST);
        }
        return changed;
    }

    private boolean differs(ServiceSpec before, ServiceSpec after) {
        return !Objects.equals(value.apply(before), value.apply(after));
    }

    /** Its key; of the environment the variables that differ, without their values. */
    List<String> names(ServiceSpec before, ServiceSpec after) {
        if (!key.equals(ENVIRONMENT.key())) {
            return List.of(key);
        }
        Map<String, String> old = before.program().environment();
        Map<String, String> now = after.program().environment();
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(now.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(old.get(name), now.get(name)))
                .map(name -> key + "." + name)
                .toList();
    }
}
