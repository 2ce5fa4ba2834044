package io.respawn.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes resources away from a running process, and gives them back, by the soft limits, with {@code prlimit} of util-linux. */
final class Limits {

    private final long pid;
    private final List<String> asOwner;
    private final String descriptors;
    private final String processes;

    Limits(long pid) {
        this(pid, List.of());
    }

    /** The prefix has the rest of the command run as the owner of the process, who alone may change its limits. */
    Limits(long pid, List<String> asOwner) {
        this.asOwner = asOwner;
        this.pid = pid;
        this.descriptors = soft("Max open files");
        this.processes = soft("Max processes");
    }

    private String soft(String limit) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/limits")).stream()
                    .filter(line -> line.startsWith(limit))
                    .map(line -> line.substring(limit.length()).strip().split(" +", -1)[0])
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the limits of pid " + pid, e);
        }
    }

    /** From now on every number that a descriptor may have is in use. */
    void noDescriptorLeft() {
        int limit = 0;
        while (Files.exists(Path.of("/proc/" + pid + "/fd/" + limit), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            limit++;
        }
        set("--nofile=" + limit + ":");
    }

    void manyDescriptors() {
        set("--nofile=" + descriptors + ":");
    }

    /** From now on its user may have no further process or thread. */
    void noProcessLeft() {
        set("--nproc=1:");
    }

    void manyProcesses() {
        set("--nproc=" + processes + ":");
    }

    /** The processor time that it has used. */
    Duration cpu() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    private void set(String option) {
        List<String> command = new ArrayList<>(asOwner);
        command.addAll(List.of("prlimit", "--pid", Long.toString(pid), option));
        try {
            Process prlimit = new ProcessBuilder(command).inheritIO().start();
            if (prlimit.waitFor() != 0) {
                throw new IllegalStateException("Cannot set " + option + " of pid " + pid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run prlimit; it is a part of util-linux", e);
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }
}
