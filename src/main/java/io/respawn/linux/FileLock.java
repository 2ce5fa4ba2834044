package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes sure that one process alone owns something, by {@code flock} on a file.
 *
 * <p>The kernel frees it when the last descriptor closes, however the process ends; over {@code execve} it lasts if the
 * descriptor is kept. The file stays: removing it would let two owners lock two files of one name.
 */
public final class FileLock {

    private FileLock() {}

    /** A lock that is held until it is closed. */
    public static final class Lock implements AutoCloseable {
        private final Path path;
        private final Descriptor descriptor;

        private Lock(Path path, int fd) {
            this.path = path;
            this.descriptor = new Descriptor("lock", fd);
        }

        /** The descriptor, to be kept over {@link SelfExec}. */
        public int fd() {
            return descriptor.fd();
        }

        /** The locked file. */
        public Path path() {
            return path;
        }

        @Override
        public void close() {
            descriptor.close();
        }
    }

    /** Takes the lock and writes our pid into the file, for people; empty if another process holds it. */
    public static Optional<Lock> tryLock(Path path) {
        int flags = Unistd.O_RDWR | Unistd.O_CREAT | Unistd.O_NOFOLLOW | Unistd.O_CLOEXEC;
        int fd =
                LinuxException.checked(Unistd.open(path.toString(), flags, 0600), "open", "open the lock file " + path);
        return lock(new Lock(path, fd));
    }

    /** Takes over a lock whose descriptor was kept over {@code execve}; empty if another process holds it by now. */
    public static Optional<Lock> inherited(int fd, Path path) {
        LinuxException.checked(
                Unistd.fcntl(fd, Unistd.F_SETFD, Unistd.FD_CLOEXEC), "fcntl", "take over the lock of " + path);
        return lock(new Lock(path, fd));
    }

    private static Optional<Lock> lock(Lock lock) {
        int result = Unistd.flock(lock.fd(), Unistd.LOCK_EX | Unistd.LOCK_NB);
        if (Errno.EAGAIN.is(result)) {
            lock.close();
            return Optional.empty();
        }
        try {
            LinuxException.checked(result, "flock", "lock " + lock.path());
            writeHolder(lock);
            return Optional.of(lock);
        } catch (LinuxException failed) {
            lock.close();
            throw failed;
        }
    }

    private static void writeHolder(Lock lock) {
        byte[] pid = (ProcFs.ownPid() + "\n").getBytes(StandardCharsets.US_ASCII);
        String what = "write the holder into " + lock.path();
        LinuxException.checked(Unistd.ftruncate(lock.fd(), 0), "ftruncate", what);
        Unistd.lseek(lock.fd(), 0, Unistd.SEEK_SET);
        long written = Unistd.write(lock.fd(), pid, 0, pid.length);
        if (written != pid.length) {
            throw new LinuxException("write", written < 0 ? Errno.of(written) : Errno.ENOSPC, what);
        }
    }
}
