package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Signals: {@code signal.h} and {@code sys/signalfd.h}; a set of signals is a long, bit n-1 for signal n. */
public final class Signal {

    public static final int SIG_BLOCK = 0;
    public static final int SIG_UNBLOCK = 1;
    public static final int SIG_SETMASK = 2;
    public static final long SIG_DFL = 0;
    public static final long SIG_IGN = 1;
    public static final int SFD_NONBLOCK = 0x800;
    public static final int SFD_CLOEXEC = 0x80000;

    private static final MemorySegment KILL = Downcall.symbol("kill");
    private static final MemorySegment SIGACTION = Downcall.symbol("sigaction");
    private static final MemorySegment PTHREAD_SIGMASK = Downcall.symbol("pthread_sigmask");
    private static final MemorySegment SIGNALFD = Downcall.symbol("signalfd");

    /** What {@code read(2)} of a signalfd tells, cut down to what is used. */
    public record signalfd_siginfo(int ssi_signo, int ssi_code, int ssi_pid, int ssi_uid) {}

    private Signal() {}

    /** <a href="https://man7.org/linux/man-pages/man2/kill.2.html">kill(2)</a>. */
    public static int kill(int pid, int signal) {
        return Downcall.ints(KILL, pid, signal, 0);
    }

    /**
     * <a href="https://man7.org/linux/man-pages/man2/sigaction.2.html">sigaction(2)</a> to {@code SIG_DFL}; returns the
     * former handler.
     */
    public static long sigaction_default(int signal) {
        try (var memory = new Memory()) {
            MemorySegment wanted = memory.allocate(Layouts.sigaction);
            MemorySegment former = memory.allocate(Layouts.sigaction);
            int result = Downcall.ints(SIGACTION, signal, wanted.address(), former.address());
            return result < 0 ? result : former.get(JAVA_LONG, 0);
        }
    }

    /**
     * <a href="https://man7.org/linux/man-pages/man3/pthread_sigmask.3.html">pthread_sigmask(3)</a>; returns the former
     * mask. It cannot fail but for a wrong {@code how}.
     */
    public static long pthread_sigmask(int how, long set) {
        try (var memory = new Memory()) {
            MemorySegment wanted = sigset(memory, set);
            MemorySegment former = memory.allocate(Layouts.sigset_t);
            int error = Downcall.ints(PTHREAD_SIGMASK, how, wanted.address(), former.address());
            if (error != 0) {
                throw new IllegalArgumentException("Cannot change the signal mask: error " + error);
            }
            return former.get(JAVA_LONG, 0);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/signalfd.2.html">signalfd(2)</a>; -1 asks for a new descriptor. */
    public static int signalfd(int fd, long set, int flags) {
        try (var memory = new Memory()) {
            return Downcall.ints(SIGNALFD, fd, sigset(memory, set).address(), flags);
        }
    }

    /** Takes a record as read from a signalfd apart. */
    public static signalfd_siginfo parse(byte[] record) {
        MemorySegment bytes = MemorySegment.ofArray(record);
        return new signalfd_siginfo(
                field(bytes, "ssi_signo"), field(bytes, "ssi_code"), field(bytes, "ssi_pid"), field(bytes, "ssi_uid"));
    }

    /** The size of one record of a signalfd. */
    public static int sizeof_signalfd_siginfo() {
        return (int) Layouts.signalfd_siginfo.byteSize();
    }

    static MemorySegment sigset(Memory memory, long set) {
        MemorySegment segment = memory.allocate(Layouts.sigset_t);
        segment.set(JAVA_LONG, 0, set);
        return segment;
    }

    private static int field(MemorySegment record, String name) {
        return record.get(JAVA_INT.withByteAlignment(1), Layouts.offset(Layouts.signalfd_siginfo, name));
    }
}
