package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Services as shell scripts that note each of their starts in one file, a line each. */
record Scripts(Path folder, String name) {

    /** Of a service's start: which process, and the intent that asked for it, {@code -} without one. */
    record Start(String service, long incarnation, String intent) {}

    /** The command of a service that ends at once when it is asked to. */
    String willing() {
        return command("willing.sh", "exec sleep 1000");
    }

    /** The command of a service that does not end when it is asked to. */
    String stubborn() {
        return command("stubborn.sh", "trap '' TERM\nexec sleep 1000");
    }

    /** A whole service that no stop ends before its start is noted, as a TERM could. */
    String noting() {
        String command = command("noting.sh", "trap 'exit 0' WINCH\nsleep 1000 &\nwait");
        return "{ command: %s, %s }".formatted(command, StartLog.stop());
    }

    List<Start> starts() {
        try {
            return Files.readAllLines(file()).stream()
                    .map(line -> line.split(" ", -1))
                    .map(parts -> new Start(parts[0], Long.parseLong(parts[1]), parts[2]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file(), e);
        }
    }

    /**
     * Each order that succeeded started one process, once, and nothing else was started by order.
     *
     * @param untold the orders of which nobody can tell whether a process came about
     */
    void assertStarts(Collection<String> succeeded, Set<String> untold) {
        List<String> started = starts().stream()
                .map(Start::intent)
                .filter(intent -> !intent.equals("-"))
                .toList();
        List<String> certain =
                succeeded.stream().filter(id -> !untold.contains(id)).toList();
        assertThat(started).doesNotHaveDuplicates().isSubsetOf(succeeded).containsAll(certain);
    }

    private Path file() {
        return folder.resolve(name + "-starts");
    }

    private String command(String kind, String rest) {
        Path script = folder.resolve(name + "-" + kind);
        try {
            // One write each: lines of several services do not mix.
            Files.writeString(
                    script,
                    "echo \"$RESPAWN_SERVICE $RESPAWN_INCARNATION ${RESPAWN_INTENT:--}\" >> '" + file() + "'\n" + rest
                            + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + script, e);
        }
        return "[ /bin/sh, '" + script + "' ]";
    }
}
