package io.respawn.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a process's environment comes from beside what is declared. Values never appear here: files are read at each start.
 *
 * @param inherited what it gets of the sidecar's own, {@code LC_*} standing for all that begin so; everything unless given
 * @param files of lines {@code NAME=value}; a later one wins
 * @param secretFiles by variable, the file whose contents are its value
 */
public record EnvironmentSources(
        Optional<List<String>> inherited, List<String> files, Map<String, String> secretFiles) {

    public static final EnvironmentSources DEFAULT = new EnvironmentSources(Optional.empty(), List.of(), Map.of());

    public EnvironmentSources {
        inherited = inherited.map(List::copyOf);
        files = List.copyOf(files);
        secretFiles = Map.copyOf(secretFiles);
    }

    /** Whether a variable of the sidecar's own is handed on. */
    public boolean inherits(String name) {
        return inherited.isEmpty()
                || inherited.get().stream()
                        .anyMatch(wanted -> wanted.endsWith("*")
                                ? name.startsWith(wanted.substring(0, wanted.length() - 1))
                                : name.equals(wanted));
    }
}
