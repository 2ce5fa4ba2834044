package io.respawn.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Starts programs, signals them, and waits for their ends. */
final class Programs {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Programs() {}

    /** How a process ended, and what it had to say. */
    record Ended(int exitCode, String output) {}

    static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + builder.command(), e);
        }
    }

    static void signal(Process process, String name) {
        signal(process.pid(), name);
    }

    static void signal(long pid, String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("Cannot send SIG" + name + " to pid " + pid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run sh to send SIG" + name, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static Ended awaitEnd(Process process, Path output) {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Cannot see the end of pid " + process.pid() + " within " + LIMIT
                        + "; it says:\n" + said(output));
            }
            return new Ended(process.exitValue(), said(output));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + output, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Everything that it has written, where somebody kept it. */
    static String said(Path output) throws IOException {
        return Files.exists(output) ? Files.readString(output) : "(nobody has read it)";
    }

    static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Cannot wait any longer: interrupted", e);
    }
}
