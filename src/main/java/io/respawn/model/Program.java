package io.respawn.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a service's process is made of.
 *
 * @param command program and arguments, no shell
 * @param environment added to the sidecar's own environment; the values are secrets and are never shown
 * @param sources where the rest of its environment comes from
 * @param setting what else it is given before it begins
 */
public record Program(
        List<String> command,
        Optional<String> workingDirectory,
        Map<String, String> environment,
        EnvironmentSources sources,
        ProcessSetting setting) {

    public Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw new IllegalArgumentException("Cannot run an empty command: name the program");
        }
    }

    public Program(List<String> command) {
        this(command, Optional.empty(), Map.of());
    }

    /** A process that is given nothing else than the sidecar has. */
    public Program(List<String> command, Optional<String> workingDirectory, Map<String, String> environment) {
        this(command, workingDirectory, environment, EnvironmentSources.DEFAULT, ProcessSetting.DEFAULT);
    }

    /** Leaves the environment's values out: they are secrets. */
    @Override
    public String toString() {
        return "Program[" + command + ", environment=" + environment.keySet() + "]";
    }
}
