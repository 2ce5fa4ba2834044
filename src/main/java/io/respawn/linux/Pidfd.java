package io.respawn.linux;

import io.respawn.linux.libc.Processes;
import io.respawn.linux.libc.Syscall;
import io.respawn.linux.libc.Unistd;
import java.util.Optional;
import java.util.OptionalLong;

/** Holds one process by a descriptor, so that a signal never reaches a later process with the same number. */
public final class Pidfd implements AutoCloseable {

    private final int pid;
    private final Descriptor descriptor;

    private Pidfd(int pid, int fd) {
        this.pid = pid;
        this.descriptor = new Descriptor("pidfd", fd);
    }

    /** Opens the process that has this number now; empty if there is none. */
    public static Optional<Pidfd> open(int pid) {
        int fd = Reserve.DESCRIPTORS.open(() -> Processes.pidfd_open(pid, 0));
        // EINVAL is the answer for a thread that leads no process, ENOENT (newer kernels) likewise.
        if (Errno.ESRCH.is(fd) || (pid > 0 && (Errno.EINVAL.is(fd) || Errno.ENOENT.is(fd)))) {
            return Optional.empty();
        }
        return Optional.of(new Pidfd(pid, LinuxException.checked(fd, "pidfd_open", "open the process " + pid)));
    }

    /**
     * Opens the process with this number only if it is the one that started then.
     *
     * <p>The order is the proof: descriptor, start time, signal 0. If the process still takes a signal after its start time
     * was read, then that start time was of the very process the descriptor holds.
     */
    public static Optional<Pidfd> open(int pid, long startTicks) {
        Optional<Pidfd> opened = open(pid);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        Pidfd pidfd = opened.get();
        try {
            boolean same = ProcFs.stat(pid)
                    .filter(stat -> stat.startTicks() == startTicks)
                    .isPresent();
            if (same && pidfd.signal(0) != SignalResult.GONE) {
                return opened;
            }
        } catch (RuntimeException | Error failed) {
            pidfd.close();
            throw failed;
        }
        pidfd.close();
        return Optional.empty();
    }

    /** Takes over one that was kept over {@code execve}; the process may have ended since. */
    public static Pidfd inherited(int pid, int fd) {
        int result = Unistd.fcntl(fd, Unistd.F_SETFD, Unistd.FD_CLOEXEC);
        LinuxException.checked(result, "fcntl", "take over the descriptor " + fd + " of the process " + pid);
        return new Pidfd(pid, fd);
    }

    /** Signals the process; 0 only asks whether it could be signalled. A zombie takes signals. */
    public SignalResult signal(int signal) {
        return send(signal, 0, "the process ");
    }

    /** Signals the process group that this process leads. */
    public SignalResult signalGroup(int signal) {
        return send(signal, Processes.PIDFD_SIGNAL_PROCESS_GROUP, "the group of the process ");
    }

    private SignalResult send(int signal, int flags, String target) {
        int result = Processes.pidfd_send_signal(descriptor.fd(), signal, flags);
        return SignalResult.of(
                result, flags, "pidfd_send_signal", "send " + Signals.name(signal) + " to " + target + pid);
    }

    /** The descriptor, for {@link Reactor#watch}: readable when the process ended, hung up when it was reaped. */
    public int fd() {
        return descriptor.fd();
    }

    /** The number of the process. */
    public int pid() {
        return pid;
    }

    /** The inode that no other process of this boot has; empty where the kernel keeps no inodes for processes. */
    public OptionalLong inode() {
        if (Syscall.fstatfs_type(descriptor.fd()) != Syscall.PID_FS_MAGIC) {
            return OptionalLong.empty();
        }
        long inode = Syscall.fstat_ino(descriptor.fd());
        return inode == 0 ? OptionalLong.empty() : OptionalLong.of(inode);
    }

    /** Lets go of the process; that ends its watch as well. */
    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return "pidfd of " + pid;
    }
}
