package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.nio.file.Path;

/**
 * Appends records to a file, each by one {@code write}: a SIGKILL between two instructions leaves whole records.
 *
 * <p>Not a FileChannel: that closes itself when its thread is interrupted, writes in pieces of its own choice, and is not
 * close-on-exec.
 */
public final class AppendFile implements AutoCloseable {

    private final Path path;
    private final Descriptor descriptor;

    private AppendFile(Path path, int fd) {
        this.path = path;
        this.descriptor = new Descriptor("file " + path, fd);
    }

    /** Opens a file for appending, made with mode 0600 if there is none; a symbolic link is refused. */
    public static AppendFile open(Path path) {
        int flags = Unistd.O_WRONLY | Unistd.O_APPEND | Unistd.O_CREAT | Unistd.O_NOFOLLOW | Unistd.O_CLOEXEC;
        int fd = Unistd.open(path.toString(), flags, 0600);
        return new AppendFile(path, LinuxException.checked(fd, "open", "open " + path + " for appending"));
    }

    /**
     * Appends one record.
     *
     * @throws LinuxException if it was not written whole; what was written of it has been cut off again
     */
    public void append(byte[] record) {
        long before = size();
        long written = Unistd.write(descriptor.fd(), record, 0, record.length);
        if (written == record.length) {
            return;
        }
        if (written > 0) {
            // Half a record would hide the records after it; the error tells if even cutting it off failed.
            LinuxException.checked(
                    Unistd.ftruncate(descriptor.fd(), before), "ftruncate", "cut half a record off " + path);
        }
        Errno errno = written < 0 ? Errno.of(written) : Errno.ENOSPC;
        throw new LinuxException("write", errno, "append " + record.length + " bytes to " + path);
    }

    /** Waits until all records are on the disk. */
    public void force() {
        LinuxException.checked(Unistd.fdatasync(descriptor.fd()), "fdatasync", "bring " + path + " to the disk");
    }

    /** Cuts the file to this size. */
    public void truncate(long size) {
        LinuxException.checked(Unistd.ftruncate(descriptor.fd(), size), "ftruncate", "cut " + path);
    }

    /** The size of the file. */
    public long size() {
        long size = Unistd.lseek(descriptor.fd(), 0, Unistd.SEEK_END);
        if (size < 0) {
            throw new LinuxException("lseek", Errno.of(size), "measure " + path);
        }
        return size;
    }

    /** The descriptor, to be kept over {@link SelfExec}. */
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
