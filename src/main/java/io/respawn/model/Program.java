package io.respawn.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a service's process is made of.
 *
 * @param command program and arguments, no shell
 * @param environment added to the sidecar's own environment; the values are secrets and are never shown
 */
public record Program(List<String> command, Optional<String> workingDirectory, Map<String, String> environment) {

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

    /** Leaves the environment's values out: they are secrets. */
    @Override
    public String toString() {
        return "Program[" + command + ", environment=" + environment.keySet() + "]";
    }
}
