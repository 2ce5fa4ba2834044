package io.respawn.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of a server that a test started: signalled by pid, ended with the test's JVM at the latest. */
final class ServerProcess {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final int LOG_LINES = 40;

    private final Process process;
    private final Path log;
    private final Thread atExit;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        atExit = new Thread(process::destroyForcibly, "kill-" + process.pid());
    }

    /** Starts the command with its output appended to {@code log}. */
    static ServerProcess start(ProcessBuilder command, Path log) {
        try {
            Process process = command.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            ServerProcess server = new ServerProcess(process, log);
            Runtime.getRuntime().addShutdownHook(server.atExit);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command.command(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "Cannot go on: the server ended with exit code " + process.exitValue() + "; " + endOfLog());
        }
    }

    void pause() {
        signal("STOP");
        await("the stopped state of pid " + pid())
                .atMost(STOP_LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> state() == 'T');
    }

    void resume() {
        signal("CONT");
    }

    /** Ends it in good order, a paused one too; does nothing if it has ended. */
    void stop() {
        if (process.isAlive()) {
            process.destroy();
            signal("CONT");
            if (!hasExitedWithin(STOP_LIMIT)) {
                kill();
                throw new IllegalStateException(
                        "Cannot stop pid " + pid() + " within " + STOP_LIMIT + ", it was killed; " + endOfLog());
            }
        }
        forgetAtExit();
    }

    void kill() {
        process.destroyForcibly();
        if (!hasExitedWithin(STOP_LIMIT)) {
            throw new IllegalStateException("Cannot kill pid " + pid() + ": still there after " + STOP_LIMIT);
        }
        forgetAtExit();
    }

    /** The state letter of proc(5), which follows the program's name in brackets. */
    private char state() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    private void signal(String name) {
        try {
            // The shell's own kill: a machine without procps has no other. Until it is reaped the pid is ours.
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0 && process.isAlive()) {
                throw new IllegalStateException("Cannot send SIG" + name + " to pid " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run sh to send SIG" + name + " to pid " + pid(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private boolean hasExitedWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** An interrupted test is over: nothing of it may stay behind. */
    private IllegalStateException interrupted(InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        return new IllegalStateException("Cannot wait for pid " + pid() + ", it was killed: interrupted", e);
    }

    private void forgetAtExit() {
        // While the JVM ends, the list of hooks is closed, and ours is running already.
        if (atExit.getState() == Thread.State.NEW) {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }

    /** The last lines of the log for a message: the folder is often gone when somebody reads it. */
    String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return "end of " + log + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "Cannot read " + log + ": " + e.getMessage();
        }
    }
}
