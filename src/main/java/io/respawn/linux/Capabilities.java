package io.respawn.linux;

import io.respawn.linux.libc.Processes;
import io.respawn.linux.libc.Signal;
import io.respawn.linux.libc.Syscall;
import io.respawn.linux.libc.Unistd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says what this kernel, this container and this user allow; found out by calling, as version numbers lie.
 *
 * @param byName the findings by name, in a fixed order
 */
public record Capabilities(Map<String, Finding> byName) {

    public static final String PIDFD = "pidfd";
    public static final String WAIT_BY_PIDFD = "wait-by-pidfd";
    public static final String GROUP_SIGNAL_BY_PIDFD = "group-signal-by-pidfd";
    public static final String EXIT_INFO = "exit-info";
    public static final String PROCESS_INODES = "process-inodes";
    public static final String SUBREAPER = "subreaper";
    public static final String FIRST_PROCESS = "first-process";
    public static final String CLOSE_RANGE = "close-range";
    public static final String TERM_BLOCKED = "term-blocked";

    private static final Path SHELL = Path.of("/bin/sh");
    private static final int PROBED_CODE = 9;

    /**
     * One finding.
     *
     * @param available whether it can be used
     * @param words what that means, or what was answered
     */
    public record Finding(boolean available, String words) {}

    /** Keeps the order. */
    public Capabilities {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /** Whether this one can be used. */
    public boolean has(String name) {
        Finding finding = byName.get(name);
        return finding != null && finding.available();
    }

    /** Tries everything; starts a shell for a moment, where there is one. */
    public static Capabilities probe() {
        Map<String, Finding> findings = new LinkedHashMap<>();
        int self = ProcFs.ownPid();
        int fd = Processes.pidfd_open(self, 0);
        findings.put(PIDFD, answered(fd, "processes are held by descriptor"));
        if (fd >= 0) {
            probePidfd(findings, fd);
        }
        findings.put(EXIT_INFO, fd >= 0 ? probeExitInfo() : new Finding(false, "needs " + PIDFD));
        int subreaper = Processes.prctl_get_child_subreaper();
        findings.put(SUBREAPER, answered(subreaper, "orphans can be reaped" + (subreaper == 1 ? ", enabled" : "")));
        findings.put(
                FIRST_PROCESS, new Finding(self == 1, self == 1 ? "this is process 1" : "this is process " + self));
        int closed = Syscall.close_range(Integer.MAX_VALUE, Integer.MAX_VALUE, Unistd.CLOSE_RANGE_CLOEXEC);
        findings.put(CLOSE_RANGE, answered(closed, "descriptors can be kept from the next image"));
        findings.put(TERM_BLOCKED, probeMask());
        return new Capabilities(findings);
    }

    private static void probePidfd(Map<String, Finding> findings, int fd) {
        try (var self = new Descriptor("pidfd", fd)) {
            int waited = Processes.waitid(Processes.P_PIDFD, self.fd(), Processes.WEXITED | Processes.WNOHANG)
                    .result();
            // Nobody is a child of its own: ECHILD is the answer of a kernel that understood the question.
            findings.put(WAIT_BY_PIDFD, understood(waited, Errno.ECHILD, "children are reaped by descriptor"));
            int sent = Processes.pidfd_send_signal(self.fd(), 0, Processes.PIDFD_SIGNAL_PROCESS_GROUP);
            // ESRCH only says that this process leads no group.
            findings.put(GROUP_SIGNAL_BY_PIDFD, understood(sent, Errno.ESRCH, "groups are signalled by descriptor"));
            boolean inodes = Syscall.fstatfs_type(self.fd()) == Syscall.PID_FS_MAGIC;
            String words = inodes ? "each process has an inode of its own" : "identity is the pid and the start time";
            findings.put(PROCESS_INODES, new Finding(inodes, words));
        }
    }

    private static Finding probeExitInfo() {
        if (!Files.isExecutable(SHELL)) {
            return new Finding(false, "not tried, as there is no " + SHELL);
        }
        var nowhere = new SpawnRequest.Stream.Discarded();
        var request = new SpawnRequest(
                SHELL, List.of("sh", "-c", "exit " + PROBED_CODE), List.of(), Path.of("/"), nowhere, nowhere);
        return switch (Spawn.spawn(request)) {
            case SpawnResult.Failed failed -> new Finding(false, "not tried: " + failed.words());
            case SpawnResult.Spawned spawned -> {
                try (Pidfd pidfd = spawned.pidfd()) {
                    yield exitInfo(pidfd);
                }
            }
        };
    }

    private static Finding exitInfo(Pidfd pidfd) {
        try (var epoll = new Epoll()) {
            epoll.add(pidfd.fd(), Epoll.IN, 0);
            epoll.await(Duration.ofSeconds(5), (events, token) -> Waiter.reap(pidfd));
        }
        boolean told = Waiter.exitInfo(pidfd)
                .filter(status -> status.shellCode() == PROBED_CODE)
                .isPresent();
        return new Finding(told, told ? "exit codes of strangers are known" : "exit codes of strangers may be unknown");
    }

    private static Finding probeMask() {
        Set<Integer> blocked = Signals.set(Signal.pthread_sigmask(Signal.SIG_BLOCK, 0));
        boolean term = blocked.contains(Signals.SIGTERM);
        return new Finding(term, term ? "signals are read by descriptor" : "the mask was not set before the start");
    }

    private static Finding answered(int result, String words) {
        return result >= 0
                ? new Finding(true, words)
                : new Finding(false, Errno.of(result).toString());
    }

    private static Finding understood(int result, Errno expected, String words) {
        return expected.is(result) ? new Finding(true, words) : answered(result, words);
    }
}
