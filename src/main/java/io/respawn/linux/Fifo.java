package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.nio.file.Path;

/** Is a named pipe that outlives both of its ends, so that output waits in it while nobody reads. */
public final class Fifo {

    private Fifo() {}

    /** Makes it with mode 0600; says false if there is something of that name already. */
    public static boolean create(Path path) {
        int result = Unistd.mkfifo(path.toString(), 0600);
        if (Errno.EEXIST.is(result)) {
            return false;
        }
        LinuxException.checked(result, "mkfifo", "make the pipe " + path);
        return true;
    }

    /**
     * Opens the end for a child. It is open for reading too: then the child is a reader itself, and neither blocks at the
     * open nor dies of SIGPIPE when we end.
     */
    public static End writeEnd(Path path) {
        return open(path, Unistd.O_RDWR);
    }

    /** Opens the end that we read; reads of an empty pipe do not wait. */
    public static End readEnd(Path path) {
        return open(path, Unistd.O_RDONLY | Unistd.O_NONBLOCK);
    }

    /** Opens an end to read from that is a writer itself: reads of an empty pipe do not wait, and nobody hangs up. */
    public static End bothEnds(Path path) {
        return open(path, Unistd.O_RDWR | Unistd.O_NONBLOCK);
    }

    /** Whether some process has it open for reading, as each child has. */
    public static boolean isHeld(Path path) {
        int fd = Unistd.open(
                path.toString(), Unistd.O_WRONLY | Unistd.O_NONBLOCK | Unistd.O_NOFOLLOW | Unistd.O_CLOEXEC, 0);
        if (Errno.ENXIO.is(fd) || Errno.ENOENT.is(fd)) {
            return false;
        }
        new Descriptor("pipe " + path, LinuxException.checked(fd, "open", "look at the pipe " + path)).close();
        return true;
    }

    /** Takes over an end that was kept over {@code execve}. */
    public static End inherited(Path path, int fd) {
        int result = Unistd.fcntl(fd, Unistd.F_SETFD, Unistd.FD_CLOEXEC);
        LinuxException.checked(result, "fcntl", "take over the pipe " + path);
        return new End(path, fd);
    }

    private static End open(Path path, int flags) {
        int fd = Unistd.open(path.toString(), flags | Unistd.O_NOFOLLOW | Unistd.O_CLOEXEC, 0);
        return new End(path, LinuxException.checked(fd, "open", "open the pipe " + path));
    }

    /** One end. */
    public static final class End implements AutoCloseable {
        private final Path path;
        private final Descriptor descriptor;

        private End(Path path, int fd) {
            this.path = path;
            this.descriptor = new Descriptor("pipe " + path, fd);
        }

        /** Reads what fits; -1 says that nothing is there now, 0 that no writer is left. */
        public int read(byte[] into) {
            long read = Unistd.read(descriptor.fd(), into);
            return value(read, "read", "read the pipe ");
        }

        /** Moves bytes to a file, at its position, without looking at them; -1 says that nothing is there now. */
        public int splice(int file, int longest) {
            long moved = Unistd.splice(descriptor.fd(), file, longest, Unistd.SPLICE_F_MOVE | Unistd.SPLICE_F_NONBLOCK);
            return value(moved, "splice", "move bytes out of the pipe ");
        }

        /** Copies bytes to another pipe and leaves them where they are; -1 says that nothing is there now. */
        int tee(int otherPipe, int longest) {
            long copied = Unistd.tee(descriptor.fd(), otherPipe, longest, Unistd.SPLICE_F_NONBLOCK);
            return value(copied, "tee", "look into the pipe ");
        }

        /** How many bytes wait in it. */
        public int waiting() {
            return LinuxException.checked(
                    Unistd.readable(descriptor.fd()), "ioctl", "ask how much waits in the pipe " + path);
        }

        /**
         * Sets how many bytes wait in it before a writer has to; says false if this user may not have so many, or if there
         * is no memory for them.
         */
        public boolean resize(int bytes) {
            int result = Unistd.fcntl(descriptor.fd(), Unistd.F_SETPIPE_SZ, bytes);
            if (Errno.EPERM.is(result) || Errno.ENOMEM.is(result)) {
                return false;
            }
            LinuxException.checked(result, "fcntl", "resize the pipe " + path + " to " + bytes);
            return true;
        }

        /** Its name. */
        Path path() {
            return path;
        }

        /** The descriptor. */
        public int fd() {
            return descriptor.fd();
        }

        @Override
        public void close() {
            descriptor.close();
        }

        private int value(long result, String call, String what) {
            if (Errno.EAGAIN.is(result)) {
                return -1;
            }
            if (result < 0) {
                throw new LinuxException(call, Errno.of(result), what + path);
            }
            return (int) result;
        }
    }
}
