package io.respawn.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;

/** The user this process acts as. */
final class User {

    private static final Path STATUS = Path.of("/proc/self/status");

    private User() {}

    /** The effective user id; see proc_pid_status(5). */
    static int effectiveId() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(User::second)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("Cannot find the user id in " + STATUS));
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot read " + STATUS + ": is /proc mounted?", failed);
        }
    }

    /** The line holds the real, the effective, the saved and the file system's user id. */
    private static int second(String line) {
        Scanner ids = new Scanner(line.substring("Uid:".length()));
        ids.nextInt();
        return ids.nextInt();
    }
}
