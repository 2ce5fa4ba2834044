package io.respawn.linux;

import java.util.Map;
import java.util.Set;

/**
 * Says why a call failed, by the kernel's number, its symbolic name and words for people.
 *
 * @param number the positive error number
 */
public record Errno(int number) {

    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ENXIO = new Errno(6);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EIO = new Errno(5);
    public static final Errno E2BIG = new Errno(7);
    public static final Errno ENOEXEC = new Errno(8);
    public static final Errno EBADF = new Errno(9);
    public static final Errno ECHILD = new Errno(10);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno ENOMEM = new Errno(12);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno ENOTDIR = new Errno(20);
    public static final Errno EISDIR = new Errno(21);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno ENFILE = new Errno(23);
    public static final Errno EMFILE = new Errno(24);
    public static final Errno ENOTTY = new Errno(25);
    public static final Errno ENOSPC = new Errno(28);
    public static final Errno EPIPE = new Errno(32);
    public static final Errno ENOSYS = new Errno(38);
    public static final Errno ELOOP = new Errno(40);

    /** EAGAIN, ENOMEM, ENFILE, EMFILE, ENOSPC. */
    private static final Set<Integer> SHORTAGES = Set.of(11, 12, 23, 24, 28);

    private record Text(String name, String words) {}

    private static final Map<Integer, Text> TEXTS = Map.ofEntries(
            text(1, "EPERM", "not permitted"),
            text(2, "ENOENT", "no such file or directory"),
            text(3, "ESRCH", "no such process"),
            text(4, "EINTR", "interrupted by a signal"),
            text(5, "EIO", "input/output error"),
            text(6, "ENXIO", "no such device or nobody at the other end"),
            text(7, "E2BIG", "arguments and environment are too long"),
            text(8, "ENOEXEC", "not an executable format"),
            text(9, "EBADF", "not an open descriptor"),
            text(10, "ECHILD", "not a child of this process"),
            text(11, "EAGAIN", "try again later"),
            text(12, "ENOMEM", "out of memory"),
            text(13, "EACCES", "permission denied"),
            text(14, "EFAULT", "bad address"),
            text(16, "EBUSY", "busy"),
            text(17, "EEXIST", "exists already"),
            text(18, "EXDEV", "on another file system"),
            text(20, "ENOTDIR", "not a directory"),
            text(21, "EISDIR", "is a directory"),
            text(22, "EINVAL", "invalid argument"),
            text(23, "ENFILE", "too many open files in the system"),
            text(24, "EMFILE", "too many open files in this process"),
            text(25, "ENOTTY", "not supported by this kind of descriptor"),
            text(26, "ETXTBSY", "the program is open for writing"),
            text(27, "EFBIG", "file too large"),
            text(28, "ENOSPC", "no space left"),
            text(29, "ESPIPE", "not seekable"),
            text(30, "EROFS", "read-only file system"),
            text(32, "EPIPE", "nobody reads the other end"),
            text(36, "ENAMETOOLONG", "name too long"),
            text(38, "ENOSYS", "not offered by this kernel or forbidden by its filter"),
            text(39, "ENOTEMPTY", "directory not empty"),
            text(40, "ELOOP", "a symbolic link where none is allowed, or too many"),
            text(95, "EOPNOTSUPP", "not supported"),
            text(110, "ETIMEDOUT", "timed out"),
            text(122, "EDQUOT", "quota exceeded"));

    /** Insists on a real error number. */
    public Errno {
        if (number <= 0) {
            throw new IllegalArgumentException("Cannot take " + number + " as an error number; it must be positive");
        }
    }

    /** Reads the error out of a raw result, which is the negated number. */
    static Errno of(long negatedResult) {
        return new Errno(Math.toIntExact(-negatedResult));
    }

    /** Whether a raw result is this error. */
    boolean is(long rawResult) {
        return rawResult == -number;
    }

    /** The symbolic name, such as {@code ENOENT}. */
    public String name() {
        Text text = TEXTS.get(number);
        return text == null ? "E" + number : text.name();
    }

    /** The meaning in words. */
    public String words() {
        Text text = TEXTS.get(number);
        return text == null ? "error " + number : text.words();
    }

    /** Whether something ran out that may be there again later. */
    public boolean isShortage() {
        return SHORTAGES.contains(number);
    }

    /** What helps against a shortage, as the end of a sentence; empty for everything that is none. */
    public String remedy() {
        return switch (number) {
            case 11 -> "; raise the limit of processes (ulimit -u, or pids.max of the container), or end some";
            case 12 -> "; give the machine or the container more memory";
            case 23 -> "; raise fs.file-max of the machine";
            case 24 -> "; raise the limit of open files (ulimit -n)";
            case 28, 122 -> "; make room on that disk";
            default -> "";
        };
    }

    @Override
    public String toString() {
        return words() + " (" + name() + ")";
    }

    private static Map.Entry<Integer, Text> text(int number, String name, String words) {
        return Map.entry(number, new Text(name, words));
    }
}
