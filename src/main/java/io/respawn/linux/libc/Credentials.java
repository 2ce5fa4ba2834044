package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Kernel calls that change what a thread may do and what a process may use, prepared beforehand: whoever makes them may have
 * lost the right to read anything. The C library's own functions of these names would change all threads.
 */
public final class Credentials {

    /** No limit. */
    public static final long RLIM_INFINITY = -1;

    /** Leave this one as it is. */
    public static final int UNCHANGED = -1;

    static final long SYS_gettid = Architecture.CURRENT.pick(186, 178);
    static final long SYS_setpriority = Architecture.CURRENT.pick(141, 140);
    static final long SYS_setgroups = Architecture.CURRENT.pick(116, 159);
    static final long SYS_setresuid = Architecture.CURRENT.pick(117, 147);
    static final long SYS_setresgid = Architecture.CURRENT.pick(119, 149);
    static final long SYS_prctl = Architecture.CURRENT.pick(157, 167);
    static final long SYS_faccessat = Architecture.CURRENT.pick(269, 48);
    static final long SYS_prlimit64 = Architecture.CURRENT.pick(302, 261);

    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int AT_FDCWD = -100;

    /** A call that is ready to be made by any thread while its memory is there: nothing but numbers. */
    public record prepared_call(long number, long a, long b, long c, long d, long e) {

        /** Makes it; a negative answer is the error number. */
        public int make() {
            return Syscall.syscall(number, a, b, c, d, e);
        }

        /** Makes it about a process that was not known before. */
        public int make_for(int pid) {
            return Syscall.syscall(number, pid, b, c, d, e);
        }
    }

    private Credentials() {}

    /** <a href="https://man7.org/linux/man-pages/man2/gettid.2.html">gettid(2)</a>: changes nothing. */
    public static prepared_call gettid() {
        return new prepared_call(SYS_gettid, 0, 0, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/setpriority.2.html">setpriority(2)</a> of the calling thread. */
    public static prepared_call setpriority(int nice) {
        return new prepared_call(SYS_setpriority, Processes.PRIO_PROCESS, 0, nice, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/setgroups.2.html">setgroups(2)</a>. */
    public static prepared_call setgroups(Memory memory, List<Integer> groups) {
        MemorySegment list = memory.allocate(Math.max(1, groups.size()) * JAVA_INT.byteSize());
        for (int i = 0; i < groups.size(); i++) {
            list.setAtIndex(JAVA_INT, i, groups.get(i));
        }
        return new prepared_call(SYS_setgroups, groups.size(), list.address(), 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/setresgid.2.html">setresgid(2)</a>. */
    public static prepared_call setresgid(int real, int effective, int saved) {
        return new prepared_call(SYS_setresgid, real, effective, saved, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/setresuid.2.html">setresuid(2)</a>. */
    public static prepared_call setresuid(int real, int effective, int saved) {
        return new prepared_call(SYS_setresuid, real, effective, saved, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html">prctl(2)</a>: for good. */
    public static prepared_call prctl_set_no_new_privs() {
        return new prepared_call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/PR_CAP_AMBIENT.2const.html">prctl(2)</a>: no capability is handed on. */
    public static prepared_call prctl_cap_ambient_clear_all() {
        return new prepared_call(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/PR_GET_DUMPABLE.2const.html">prctl(2)</a>: whether others of this user may look in. */
    public static int prctl_get_dumpable() {
        return Syscall.syscall(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html">prctl(2)</a>. */
    public static int prctl_set_dumpable(int value) {
        return Syscall.syscall(SYS_prctl, PR_SET_DUMPABLE, value, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/access.2.html">faccessat(2)</a>, with the rights of the real user. */
    public static prepared_call access(Memory memory, String path, int mode) {
        return new prepared_call(SYS_faccessat, AT_FDCWD, memory.string(path).address(), mode, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/prlimit.2.html">prlimit(2)</a> of a process that is still to be named. */
    public static prepared_call prlimit(Memory memory, int resource, long soft, long hard) {
        MemorySegment limit = memory.allocate(2 * JAVA_LONG.byteSize());
        limit.setAtIndex(JAVA_LONG, 0, soft);
        limit.setAtIndex(JAVA_LONG, 1, hard);
        return new prepared_call(SYS_prlimit64, 0, resource, limit.address(), 0, 0);
    }
}
