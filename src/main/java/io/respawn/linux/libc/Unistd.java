package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Files, descriptors and the process image: {@code unistd.h}, {@code fcntl.h} and {@code sys/file.h}. */
public final class Unistd {

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    public static final int O_DIRECTORY = (int) Architecture.CURRENT.pick(0x10000, 0x4000);
    public static final int O_NOFOLLOW = (int) Architecture.CURRENT.pick(0x20000, 0x8000);
    public static final int X_OK = 1;
    public static final int W_OK = 2;
    public static final int F_GETFD = 1;
    public static final int F_SETFD = 2;
    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int F_SETPIPE_SZ = 1031;
    public static final int FD_CLOEXEC = 1;
    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;
    public static final int SPLICE_F_MOVE = 1;
    public static final int SPLICE_F_NONBLOCK = 2;
    public static final int SEEK_SET = 0;
    public static final int SEEK_END = 2;
    public static final long FIONREAD = 0x541B;
    public static final int MFD_CLOEXEC = 1;
    public static final int CLOSE_RANGE_UNSHARE = 2;
    public static final int CLOSE_RANGE_CLOEXEC = 4;

    private static final MemorySegment OPEN = Downcall.symbol("open");
    private static final MemorySegment CLOSE = Downcall.symbol("close");
    private static final MemorySegment READ = Downcall.symbol("read");
    private static final MemorySegment WRITE = Downcall.symbol("write");
    private static final MemorySegment FCNTL = Downcall.symbol("fcntl");
    private static final MemorySegment FLOCK = Downcall.symbol("flock");
    private static final MemorySegment FTRUNCATE = Downcall.symbol("ftruncate");
    private static final MemorySegment FDATASYNC = Downcall.symbol("fdatasync");
    private static final MemorySegment LSEEK = Downcall.symbol("lseek");
    private static final MemorySegment ACCESS = Downcall.symbol("access");
    private static final MemorySegment FCHMOD = Downcall.symbol("fchmod");
    private static final MemorySegment MKDIR = Downcall.symbol("mkdir");
    private static final MemorySegment MKFIFO = Downcall.symbol("mkfifo");
    private static final MemorySegment SPLICE = Downcall.symbol("splice");
    private static final MemorySegment TEE = Downcall.symbol("tee");
    private static final MemorySegment PIPE2 = Downcall.symbol("pipe2");
    private static final MemorySegment IOCTL = Downcall.symbol("ioctl");
    private static final MemorySegment EXECVE = Downcall.symbol("execve");
    private static final MemorySegment GETEUID = Downcall.symbol("geteuid");
    private static final MemorySegment GETPGID = Downcall.symbol("getpgid");
    private static final MemorySegment GETPAGESIZE = Downcall.symbol("getpagesize");

    private Unistd() {}

    /** <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2)</a>. */
    public static int open(String path, int flags, int mode) {
        try (var memory = new Memory()) {
            return Downcall.ints(OPEN, memory.string(path).address(), flags, mode);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/close.2.html">close(2)</a>. */
    public static int close(int fd) {
        return Downcall.ints(CLOSE, fd, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/read.2.html">read(2)</a> of at most as many bytes as fit. */
    public static long read(int fd, byte[] into) {
        try (var memory = new Memory()) {
            MemorySegment buffer = memory.allocate(into.length);
            long read = Downcall.longs(READ, fd, buffer.address(), into.length, 0, 0, 0);
            if (read > 0) {
                MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, (int) read);
            }
            return read;
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/write.2.html">write(2)</a>: one call, possibly short. */
    public static long write(int fd, byte[] from, int offset, int length) {
        try (var memory = new Memory()) {
            MemorySegment buffer = memory.allocate(length);
            MemorySegment.copy(from, offset, buffer, JAVA_BYTE, 0, length);
            return Downcall.longs(WRITE, fd, buffer.address(), length, 0, 0, 0);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/fcntl.2.html">fcntl(2)</a> with an integer argument. */
    public static int fcntl(int fd, int command, int argument) {
        return Downcall.ints(FCNTL, fd, command, argument);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/flock.2.html">flock(2)</a>. */
    public static int flock(int fd, int operation) {
        return Downcall.ints(FLOCK, fd, operation, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/ftruncate.2.html">ftruncate(2)</a>. */
    public static int ftruncate(int fd, long length) {
        return Downcall.ints(FTRUNCATE, fd, length, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/fdatasync.2.html">fdatasync(2)</a>. */
    public static int fdatasync(int fd) {
        return Downcall.ints(FDATASYNC, fd, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/lseek.2.html">lseek(2)</a>. */
    public static long lseek(int fd, long offset, int whence) {
        return Downcall.longs(LSEEK, fd, offset, whence, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/access.2.html">access(2)</a>. */
    public static int access(String path, int mode) {
        try (var memory = new Memory()) {
            return Downcall.ints(ACCESS, memory.string(path).address(), mode, 0);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/fchmod.2.html">fchmod(2)</a>. */
    public static int fchmod(int fd, int mode) {
        return Downcall.ints(FCHMOD, fd, mode, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/mkdir.2.html">mkdir(2)</a>. */
    public static int mkdir(String path, int mode) {
        try (var memory = new Memory()) {
            return Downcall.ints(MKDIR, memory.string(path).address(), mode, 0);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man3/mkfifo.3.html">mkfifo(3)</a>. */
    public static int mkfifo(String path, int mode) {
        try (var memory = new Memory()) {
            return Downcall.ints(MKFIFO, memory.string(path).address(), mode, 0);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/pipe.2.html">pipe2(2)</a>: the end to read from comes first. */
    public static int pipe2(int[] ends, int flags) {
        try (var memory = new Memory()) {
            MemorySegment pair = memory.allocate(2 * JAVA_INT.byteSize());
            int result = Downcall.ints(PIPE2, pair.address(), flags, 0);
            ends[0] = pair.get(JAVA_INT, 0);
            ends[1] = pair.get(JAVA_INT, JAVA_INT.byteSize());
            return result;
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/FIONREAD.2const.html">ioctl(FIONREAD)</a>: how much waits. */
    public static int readable(int fd) {
        try (var memory = new Memory()) {
            MemorySegment count = memory.allocate(JAVA_INT);
            int result = Downcall.ints(IOCTL, fd, FIONREAD, count.address());
            return result < 0 ? result : count.get(JAVA_INT, 0);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/splice.2.html">splice(2)</a> at the descriptors' own positions. */
    public static long splice(int from, int to, long length, int flags) {
        return Downcall.longs(SPLICE, from, 0, to, 0, length, flags);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/tee.2.html">tee(2)</a>. */
    public static long tee(int from, int to, long length, int flags) {
        return Downcall.longs(TEE, from, to, length, flags, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/execve.2.html">execve(2)</a>; it returns only when it failed. */
    public static int execve(String path, List<String> arguments, List<String> environment) {
        try (var memory = new Memory()) {
            return Downcall.ints(
                    EXECVE,
                    memory.string(path).address(),
                    memory.strings(arguments).address(),
                    memory.strings(environment).address());
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/geteuid.2.html">geteuid(2)</a>. */
    public static int geteuid() {
        return Downcall.ints(GETEUID, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/getpagesize.2.html">getpagesize(2)</a>. */
    public static int getpagesize() {
        return Downcall.ints(GETPAGESIZE, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/getpgid.2.html">getpgid(2)</a>; 0 means the caller. */
    public static int getpgid(int pid) {
        return Downcall.ints(GETPGID, pid, 0, 0);
    }
}
