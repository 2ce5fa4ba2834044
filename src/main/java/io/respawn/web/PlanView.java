package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.model.Backoff;
import io.respawn.model.Plan;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was declared, as the API shows it: of environments the names only, since the values are secrets.
 *
 * @param id of the sidecar
 * @param labels by which broadcast commands select it
 * @param services in the order of their names
 */
public record PlanView(String id, SortedMap<String, String> labels, List<Declared> services) {

    /**
     * A declared service; the fields are those of the configuration.
     *
     * @param name of the service
     * @param command program and arguments
     * @param workingDirectory absent when it is the sidecar's own
     * @param environment the names
     * @param instances how many copies
     * @param autostart whether it starts with the sidecar
     * @param essential whether the sidecar's readiness depends on it
     * @param infrastructure whether the sidecar itself needs it
     * @param dependsOn what each dependency must have reached
     * @param restart what follows when a process ends
     * @param startTimeout from spawn to ready
     * @param stop how it is asked to end
     * @param startupProbe how it is found out that it has come up
     * @param readinessProbe how readiness is found out
     * @param livenessProbe how it is found out that it is still sane
     * @param signals what a command may send
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Declared(
            String name,
            List<String> command,
            @Nullable String workingDirectory,
            List<String> environment,
            int instances,
            boolean autostart,
            boolean essential,
            boolean infrastructure,
            SortedMap<String, String> dependsOn,
            Restart restart,
            String startTimeout,
            Stop stop,
            @Nullable ProbeView startupProbe,
            @Nullable ProbeView readinessProbe,
            @Nullable ProbeView livenessProbe,
            List<String> signals) {

        static Declared of(ServiceSpec spec) {
            SortedMap<String, String> dependsOn = new TreeMap<>();
            spec.dependsOn().forEach((name, condition) -> dependsOn.put(name.value(), condition.word()));
            return new Declared(
                    spec.name().value(),
                    spec.command(),
                    spec.workingDirectory().orElse(null),
                    spec.environment().keySet().stream().sorted().toList(),
                    spec.instances(),
                    spec.autostart(),
                    spec.essential(),
                    spec.infrastructure(),
                    dependsOn,
                    Restart.of(spec.restart()),
                    spec.startTimeout().toString(),
                    Stop.of(spec.stop()),
                    spec.probes().startup().map(ProbeView::of).orElse(null),
                    spec.probes().readiness().map(ProbeView::of).orElse(null),
                    spec.probes().liveness().map(ProbeView::of).orElse(null),
                    spec.signals().stream().sorted().map(Signal::toString).toList());
        }
    }

    /**
     * What follows when a process ends on its own.
     *
     * @param policy always, on-failure, never
     * @param successExitCodes the codes that count as success
     * @param delay before the first restart
     * @param factor of growth
     * @param limit of the delay
     * @param jitter share added at random
     * @param resetAfter length of a stable run
     */
    public record Restart(
            String policy,
            List<Integer> successExitCodes,
            String delay,
            double factor,
            String limit,
            double jitter,
            String resetAfter) {
        static Restart of(RestartPolicy policy) {
            Backoff backoff = policy.backoff();
            return new Restart(
                    Words.of(policy.mode()),
                    policy.successExitCodes().stream().sorted().toList(),
                    backoff.delay().toString(),
                    backoff.factor(),
                    backoff.limit().toString(),
                    backoff.jitter(),
                    backoff.resetAfter().toString());
        }
    }

    /**
     * How a service is asked to end.
     *
     * @param signal sent first
     * @param gracePeriod until SIGKILL
     */
    public record Stop(String signal, String gracePeriod) {
        static Stop of(StopPolicy policy) {
            return new Stop(policy.signal().toString(), policy.gracePeriod().toString());
        }
    }

    static PlanView of(Plan plan) {
        return new PlanView(
                plan.id().value(),
                new TreeMap<>(plan.labels()),
                plan.services().values().stream().map(Declared::of).toList());
    }
}
