package io.respawn.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A service as it was declared.
 *
 * @param command program and arguments, no shell
 * @param environment added to the sidecar's own environment; the values are secrets and are never shown
 * @param instances how many copies, 1 to 1000
 * @param endsSidecar when it is over for good the sidecar leaves, with its exit code
 * @param infrastructure it carries what Respawn itself needs (its Kafka): it starts before the state is restored and
 *     stops last, after the final flush
 * @param priority -100 to 100; of those that wait for the budget the higher one goes first
 * @param startTimeout from spawn to ready
 * @param signals what a command may send
 * @param output where its lines go
 */
public record ServiceSpec(
        ServiceName name,
        List<String> command,
        Optional<String> workingDirectory,
        Map<String, String> environment,
        int instances,
        boolean autostart,
        boolean essential,
        boolean endsSidecar,
        boolean infrastructure,
        int priority,
        Map<ServiceName, DependencyCondition> dependsOn,
        RestartPolicy restart,
        Duration startTimeout,
        StopPolicy stop,
        Probes probes,
        Set<Signal> signals,
        OutputPolicy output) {

    public ServiceSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        dependsOn = Map.copyOf(dependsOn);
        signals = Set.copyOf(signals);
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw new IllegalArgumentException("Cannot run service '" + name + "': its command is empty");
        }
        if (instances < 1 || instances > 1000) {
            throw new IllegalArgumentException(
                    "Cannot run " + instances + " instances of '" + name + "': 1 to 1000 are allowed");
        }
        if (priority < -100 || priority > 100) {
            throw new IllegalArgumentException(
                    "Cannot use priority " + priority + " for '" + name + "': -100 to 100 are allowed");
        }
        if (startTimeout.isNegative() || startTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "Cannot use start timeout " + startTimeout + " for '" + name + "': it must be positive");
        }
    }

    /** A service of which only name and command are said. */
    public static ServiceSpec of(ServiceName name, List<String> command) {
        return new ServiceSpec(
                name,
                command,
                Optional.empty(),
                Map.of(),
                1,
                true,
                false,
                false,
                false,
                0,
                Map.of(),
                RestartPolicy.DEFAULT,
                Duration.ofSeconds(30),
                StopPolicy.DEFAULT,
                Probes.NONE,
                Set.copyOf(Signal.ALLOWED_BY_DEFAULT),
                OutputPolicy.DEFAULT);
    }

    /** Leaves the environment's values out: they are secrets. */
    @Override
    public String toString() {
        return "ServiceSpec[" + name + ", command=" + command + ", environment=" + environment.keySet() + "]";
    }
}
