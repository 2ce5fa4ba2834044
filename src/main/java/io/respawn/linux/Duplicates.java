package io.respawn.linux;

import io.respawn.linux.libc.Unistd;

/**
 * Makes second descriptors of what is open, for somebody else in this process: whoever holds the first one may close it, and
 * the pipe, socket or lock stays as it is.
 */
public final class Duplicates {

    /** The standard streams are none of ours. */
    private static final int LOWEST = 3;

    private Duplicates() {}

    /** Another descriptor of the same, closed in children; its holder closes it. */
    public static int of(int fd) {
        int made = Unistd.fcntl(fd, Unistd.F_DUPFD_CLOEXEC, LOWEST);
        return LinuxException.checked(made, "fcntl", "duplicate the descriptor " + fd);
    }

    /** Closes one that nobody has taken over. */
    public static void close(int fd) {
        Unistd.close(fd);
    }
}
