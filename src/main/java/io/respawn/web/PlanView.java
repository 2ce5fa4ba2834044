package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.respawn.model.Backoff;
import io.respawn.model.LineTrigger;
import io.respawn.model.MemoryLimit;
import io.respawn.model.OutputPolicy;
import io.respawn.model.Plan;
import io.respawn.model.ReadyLine;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import io.respawn.supervise.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was declared, as the API shows it: of environments the names only, since the values are secrets.
 *
 * @param id of the sidecar
 * @param generation ordinal of this plan among those that were applied
 * @param labels by which broadcast commands select it
 * @param services in the order of their names
 * @param drift what the configuration says now and is not in force
 */
public record PlanView(
        String id, long generation, SortedMap<String, String> labels, List<Declared> services, PlanChangesView drift) {

    /**
     * A declared service; the fields are those of the configuration.
     *
     * @param name of the service
     * @param command program and arguments
     * @param workingDirectory absent when it is the sidecar's own
     * @param environment the names
     * @param secretEnvironment the names of variables whose values are in files
     * @param environmentFiles the files that further ones are read from
     * @param inheritEnvironment what it gets of the sidecar's own; absent when it is everything
     * @param setup what else it is given before it begins; absent when that is nothing
     * @param instances how many copies
     * @param autostart whether it starts with the sidecar
     * @param essential whether the sidecar's readiness depends on it
     * @param infrastructure whether the sidecar itself needs it
     * @param dependsOn what each dependency must have reached
     * @param after who goes first
     * @param restart what follows when a process ends
     * @param startTimeout from spawn to ready
     * @param notifies whether it says by the notify socket that it has come up
     * @param watchdog the longest silence there
     * @param readyLine the line of its output by which it says so
     * @param stop how it is asked to end
     * @param startupProbe how it is found out that it has come up
     * @param readinessProbe how readiness is found out
     * @param livenessProbe how it is found out that it is still sane
     * @param signals what a command may send
     * @param output where its lines go
     * @param memory what it may use before it is restarted; absent when that is not limited
     * @param schedule what happens because of the time; absent when that is nothing
     * @param hooks what is done at the turns of its processes; absent when that is nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Declared(
            String name,
            List<String> command,
            @Nullable String workingDirectory,
            List<String> environment,
            List<String> secretEnvironment,
            List<String> environmentFiles,
            @Nullable List<String> inheritEnvironment,
            @Nullable SetupView setup,
            int instances,
            boolean autostart,
            boolean essential,
            boolean infrastructure,
            SortedMap<String, String> dependsOn,
            List<String> after,
            Restart restart,
            String startTimeout,
            @JsonProperty("notify") boolean notifies,
            @Nullable String watchdog,
            @Nullable String readyLine,
            Stop stop,
            @Nullable ProbeView startupProbe,
            @Nullable ProbeView readinessProbe,
            @Nullable ProbeView livenessProbe,
            List<String> signals,
            Output output,
            @Nullable Memory memory,
            @Nullable TimetableView schedule,
            @Nullable HooksView hooks) {

        static Declared of(ServiceSpec spec) {
            SortedMap<String, String> dependsOn = new TreeMap<>();
            spec.ties().dependsOn().forEach((name, condition) -> dependsOn.put(name.value(), condition.word()));
            return new Declared(
                    spec.name().value(),
                    spec.program().command(),
                    spec.program().workingDirectory().orElse(null),
                    spec.program().environment().keySet().stream().sorted().toList(),
                    spec.program().sources().secretFiles().keySet().stream()
                            .sorted()
                            .toList(),
                    spec.program().sources().files(),
                    spec.program().sources().inherited().orElse(null),
                    SetupView.of(spec.program().setting()),
                    spec.instances(),
                    spec.role().autostart(),
                    spec.role().essential(),
                    spec.role().infrastructure(),
                    dependsOn,
                    spec.ties().after().stream()
                            .map(ServiceName::value)
                            .sorted()
                            .toList(),
                    Restart.of(spec.restart()),
                    spec.start().timeout().toString(),
                    spec.start().notifies(),
                    spec.start().watchdog().map(Duration::toString).orElse(null),
                    spec.start().readyLine().map(ReadyLine::regex).orElse(null),
                    Stop.of(spec.stop()),
                    spec.probes().startup().map(ProbeView::of).orElse(null),
                    spec.probes().readiness().map(ProbeView::of).orElse(null),
                    spec.probes().liveness().map(ProbeView::of).orElse(null),
                    spec.signals().stream().sorted().map(Signal::toString).toList(),
                    Output.of(spec.output()),
                    spec.memory().map(Memory::of).orElse(null),
                    TimetableView.of(spec.schedule()),
                    HooksView.of(spec.hooks()));
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
     * @param steps what is done, one after the other
     * @param gracePeriod until SIGKILL
     */
    public record Stop(List<String> steps, String gracePeriod) {
        static Stop of(StopPolicy policy) {
            return new Stop(
                    policy.steps().stream().map(Stop::words).toList(),
                    policy.gracePeriod().toString());
        }

        private static String words(StopPolicy.Step step) {
            String way =
                    switch (step.way()) {
                        case StopPolicy.Way.Send send -> send.signal().toString();
                        case StopPolicy.Way.Run run -> String.join(" ", run.command());
                    };
            return way + ", then wait " + step.patience();
        }
    }

    /**
     * What a service may use before it is restarted.
     *
     * @param maxMemory in bytes
     * @param grace how long it may be above that
     * @param interval how long at least from one such restart to the next
     */
    public record Memory(long maxMemory, String grace, String interval) {
        static Memory of(MemoryLimit limit) {
            return new Memory(
                    limit.bytes(), limit.grace().toString(), limit.apart().toString());
        }
    }

    /**
     * Where lines go.
     *
     * @param console prefix, json, none
     * @param file absent when there is none
     * @param triggers which lines are answered
     * @param forward whether they go to a topic, too
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Output(String console, @Nullable LogFile file, List<Trigger> triggers, boolean forward) {
        static Output of(OutputPolicy policy) {
            return new Output(
                    Words.of(policy.console()),
                    policy.file().map(LogFile::of).orElse(null),
                    policy.triggers().stream().map(Trigger::of).toList(),
                    policy.forward());
        }
    }

    /**
     * A line that is answered.
     *
     * @param name of the trigger
     * @param pattern how it looks
     * @param action report, restart, signal
     * @param signal what is sent, if anything
     * @param minInterval from one answer to the next
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Trigger(
            String name,
            String pattern,
            String action,
            @Nullable String signal,
            String minInterval) {
        static Trigger of(LineTrigger trigger) {
            return new Trigger(
                    trigger.name(),
                    trigger.line().regex(),
                    Words.of(trigger.reaction()),
                    trigger.signal().map(Signal::toString).orElse(null),
                    trigger.apart().toString());
        }
    }

    /**
     * The file they are kept in.
     *
     * @param path absent when it is in the state directory
     * @param maxSize in bytes
     * @param maxAge absent when age does not count
     * @param maxFiles how many are kept
     * @param compress whether old ones are compressed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LogFile(
            @Nullable String path, long maxSize, @Nullable String maxAge, int maxFiles, boolean compress) {
        static LogFile of(OutputPolicy.File file) {
            return new LogFile(
                    file.path().orElse(null),
                    file.maxSize(),
                    file.maxAge().map(Duration::toString).orElse(null),
                    file.maxFiles(),
                    file.compress());
        }
    }

    static PlanView of(Snapshot snapshot, PlanChangesView drift) {
        Plan plan = snapshot.plan();
        return new PlanView(
                plan.id().value(),
                snapshot.generation(),
                new TreeMap<>(plan.labels()),
                plan.services().values().stream().map(Declared::of).toList(),
                drift);
    }
}
