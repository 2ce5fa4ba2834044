package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Processes by number and by descriptor: {@code sys/wait.h}, {@code sys/pidfd.h} and {@code sys/prctl.h}. */
public final class Processes {

    public static final int P_ALL = 0;
    public static final int P_PID = 1;
    public static final int P_PIDFD = 3;
    public static final int WNOHANG = 1;
    public static final int WEXITED = 4;
    public static final int WNOWAIT = 0x01000000;
    public static final int CLD_EXITED = 1;
    public static final int CLD_KILLED = 2;
    public static final int CLD_DUMPED = 3;
    public static final int PIDFD_SIGNAL_PROCESS_GROUP = 4;
    public static final long PIDFD_INFO_EXIT = 8;
    public static final int PR_SET_CHILD_SUBREAPER = 36;
    public static final int PR_GET_CHILD_SUBREAPER = 37;
    public static final int PRIO_PROCESS = 0;

    /** {@code _IOWR(0xFF, 11, 64 bytes)}: the size is part of the number, later kernels take the first size as well. */
    static final long PIDFD_GET_INFO = 0xC040FF0BL;

    private static final MemorySegment IOCTL = Downcall.symbol("ioctl");
    private static final MemorySegment SETPRIORITY = Downcall.symbol("setpriority");
    private static final MemorySegment PRCTL = Downcall.symbol("prctl");

    // Looked up once: these calls come with every exit.
    private static final long SI_CODE = Layouts.offset(Layouts.siginfo_t, "si_code");
    private static final long SI_PID = Layouts.offset(Layouts.siginfo_t, "si_pid");
    private static final long SI_STATUS = Layouts.offset(Layouts.siginfo_t, "si_status");
    private static final long RU_UTIME = Layouts.offset(Layouts.rusage, "ru_utime_sec");
    private static final long RU_STIME = Layouts.offset(Layouts.rusage, "ru_stime_sec");

    /** What {@code waitid} found; {@code si_pid} is 0 if nothing has ended. */
    public record wait_result(
            int result, int si_code, int si_pid, int si_status, long ru_utime_micros, long ru_stime_micros) {}

    /** What {@code PIDFD_GET_INFO} told; {@code exit_code} counts only if the mask has {@link #PIDFD_INFO_EXIT}. */
    public record pidfd_info(int result, long mask, int exit_code) {}

    private Processes() {}

    /** <a href="https://man7.org/linux/man-pages/man2/waitid.2.html">waitid(2)</a>, the raw one, with resource usage. */
    public static wait_result waitid(int idtype, int id, int options) {
        try (var memory = new Memory()) {
            MemorySegment info = memory.allocate(Layouts.siginfo_t);
            MemorySegment usage = memory.allocate(Layouts.rusage);
            int result = Syscall.syscall(Syscall.SYS_waitid, idtype, id, info.address(), options, usage.address());
            return new wait_result(
                    result,
                    info.get(JAVA_INT, SI_CODE),
                    info.get(JAVA_INT, SI_PID),
                    info.get(JAVA_INT, SI_STATUS),
                    micros(usage, RU_UTIME),
                    micros(usage, RU_STIME));
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/setpriority.2.html">setpriority(2)</a>; 0 is the calling thread. */
    public static int setpriority(int which, int who, int priority) {
        return Downcall.ints(SETPRIORITY, which, who, priority);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>. */
    public static int pidfd_open(int pid, int flags) {
        return Syscall.syscall(Syscall.SYS_pidfd_open, pid, flags, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html">pidfd_send_signal(2)</a>. */
    public static int pidfd_send_signal(int pidfd, int signal, int flags) {
        return Syscall.syscall(Syscall.SYS_pidfd_send_signal, pidfd, signal, 0, flags, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/PIDFD_GET_INFO.2const.html">ioctl(PIDFD_GET_INFO)</a>. */
    public static pidfd_info pidfd_get_info(int pidfd, long mask) {
        try (var memory = new Memory()) {
            MemorySegment info = memory.allocate(Layouts.pidfd_info);
            info.set(JAVA_LONG, 0, mask);
            int result = Downcall.ints(IOCTL, pidfd, PIDFD_GET_INFO, info.address());
            return new pidfd_info(
                    result,
                    info.get(JAVA_LONG, 0),
                    info.get(JAVA_INT, Layouts.offset(Layouts.pidfd_info, "exit_code")));
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html">prctl(2)</a>, subreaper. */
    public static int prctl_set_child_subreaper(boolean on) {
        return Downcall.ints(PRCTL, PR_SET_CHILD_SUBREAPER, on ? 1 : 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/PR_GET_CHILD_SUBREAPER.2const.html">prctl(2)</a>: 1 or 0. */
    public static int prctl_get_child_subreaper() {
        try (var memory = new Memory()) {
            MemorySegment value = memory.allocate(JAVA_INT);
            int result = Downcall.ints(PRCTL, PR_GET_CHILD_SUBREAPER, value.address(), 0);
            return result < 0 ? result : value.get(JAVA_INT, 0);
        }
    }

    /** A {@code timeval}: seconds and, right behind them, microseconds. */
    private static long micros(MemorySegment usage, long time) {
        return usage.get(JAVA_LONG, time) * 1_000_000L + usage.get(JAVA_LONG, time + JAVA_LONG.byteSize());
    }
}
