package io.respawn.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    /**
     * The command of a service that is stopped by WINCH, which is ignored until the script asks for it: so no stop can come
     * before the start is noted, as a TERM could.
     */
    String noting() {
        return command("noting.sh", "trap 'exit 0' WINCH\nsleep 1000 &\nwait");
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
