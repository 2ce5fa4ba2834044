package io.respawn.linux;

import io.respawn.linux.libc.Signal;
import io.respawn.linux.libc.Signal.signalfd_siginfo;
import io.respawn.linux.libc.Unistd;
import java.util.Optional;
import java.util.Set;

/** Receives signals as data; they must be blocked in every thread, see {@link SignalMask}. */
public final class SignalFd implements AutoCloseable {

    private final Descriptor descriptor;

    /**
     * One signal and who sent it.
     *
     * @param signal its number
     * @param senderPid the process that sent it, 0 if the kernel did or if it is of another PID namespace
     * @param senderUid the user who sent it
     */
    public record Received(int signal, int senderPid, int senderUid) {}

    /** Opens a descriptor for these signals. */
    public SignalFd(Set<Integer> signals) {
        int fd = Signal.signalfd(-1, Signals.bits(signals), Signal.SFD_NONBLOCK | Signal.SFD_CLOEXEC);
        this.descriptor =
                new Descriptor("signalfd", LinuxException.checked(fd, "signalfd", "open a signalfd for " + signals));
    }

    /** Takes the next signal that waits; a signal that was sent twice before may come once. */
    public Optional<Received> read() {
        byte[] buffer = new byte[Signal.sizeof_signalfd_siginfo()];
        long read = Unistd.read(descriptor.fd(), buffer);
        if (Errno.EAGAIN.is(read)) {
            return Optional.empty();
        }
        if (read < 0) {
            throw new LinuxException("read", Errno.of(read), "read the signalfd " + descriptor.fd());
        }
        signalfd_siginfo info = Signal.parse(buffer);
        return Optional.of(new Received(info.ssi_signo(), info.ssi_pid(), info.ssi_uid()));
    }

    /** The descriptor, readable while a signal waits. */
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
