package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Kernel calls for which older C libraries have no function of their own, by number. */
public final class Syscall {

    static final long SYS_waitid = Architecture.CURRENT.pick(247, 95);
    static final long SYS_fstat = Architecture.CURRENT.pick(5, 80);
    static final long SYS_memfd_create = Architecture.CURRENT.pick(319, 279);
    static final long SYS_pidfd_send_signal = 424;
    static final long SYS_pidfd_open = 434;
    static final long SYS_close_range = 436;

    /** What {@code f_type} of a pidfd says where pidfds have inodes of their own. */
    public static final long PID_FS_MAGIC = 0x50494446;

    private static final MemorySegment SYSCALL = Downcall.symbol("syscall");
    private static final MemorySegment FSTATFS = Downcall.symbol("fstatfs");

    private Syscall() {}

    static int syscall(long number, long a, long b, long c, long d, long e) {
        return Downcall.ints(SYSCALL, number, a, b, c, d, e);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/close_range.2.html">close_range(2)</a>. */
    public static int close_range(int first, int last, int flags) {
        return syscall(SYS_close_range, first, Integer.toUnsignedLong(last), flags, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>. */
    public static int memfd_create(String name, int flags) {
        try (var memory = new Memory()) {
            return syscall(SYS_memfd_create, memory.string(name).address(), flags, 0, 0, 0);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/fstat.2.html">fstat(2)</a>: {@code st_ino}, or 0 on failure. */
    public static long fstat_ino(int fd) {
        try (var memory = new Memory()) {
            MemorySegment stat = memory.allocate(Layouts.stat);
            int result = syscall(SYS_fstat, fd, stat.address(), 0, 0, 0);
            return result < 0 ? 0 : stat.get(JAVA_LONG, Layouts.offset(Layouts.stat, "st_ino"));
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/fstatfs.2.html">fstatfs(2)</a>: {@code f_type}, or 0 on failure. */
    public static long fstatfs_type(int fd) {
        try (var memory = new Memory()) {
            MemorySegment statfs = memory.allocate(Layouts.statfs);
            int result = Downcall.ints(FSTATFS, fd, statfs.address(), 0);
            return result < 0 ? 0 : statfs.get(JAVA_LONG, 0);
        }
    }
}
