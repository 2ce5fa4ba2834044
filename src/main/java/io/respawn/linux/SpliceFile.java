package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.nio.file.Path;

/** Takes bytes out of pipes at its end; they are never in this process's memory. */
public final class SpliceFile implements AutoCloseable {

    private final Path path;
    private final Descriptor descriptor;
    private long size;

    private SpliceFile(Path path, int fd) {
        this.path = path;
        this.descriptor = new Descriptor("file " + path, fd);
    }

    /**
     * Opens a file at its end, made with mode 0600 if there is none; a symbolic link is refused. It is not opened for
     * appending, which splice does not allow, so nobody else may write to it.
     */
    public static SpliceFile open(Path path) {
        // Should it be a pipe that nobody reads, the open fails instead of waiting.
        int flags = Unistd.O_WRONLY | Unistd.O_CREAT | Unistd.O_NOFOLLOW | Unistd.O_NONBLOCK | Unistd.O_CLOEXEC;
        int fd = Unistd.open(path.toString(), flags, 0600);
        SpliceFile file = new SpliceFile(path, LinuxException.checked(fd, "open", "open " + path + " for writing"));
        try {
            file.size = file.seek(0, Unistd.SEEK_END);
            return file;
        } catch (LinuxException noFile) {
            file.close();
            throw noFile;
        }
    }

    /** Takes at most so many bytes out of the pipe, possibly fewer; -1 says that nothing is there now. */
    public int take(Fifo.End pipe, int longest) {
        int moved = pipe.splice(descriptor.fd(), longest);
        size += Math.max(0, moved);
        return moved;
    }

    /** Cuts the file and goes on behind the cut. */
    public void truncate(long newSize) {
        LinuxException.checked(Unistd.ftruncate(descriptor.fd(), newSize), "ftruncate", "cut " + path);
        size = seek(newSize, Unistd.SEEK_SET);
    }

    /** How long it is. */
    public long size() {
        return size;
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private long seek(long offset, int whence) {
        long position = Unistd.lseek(descriptor.fd(), offset, whence);
        if (position < 0) {
            throw new LinuxException("lseek", Errno.of(position), "find the end of " + path);
        }
        return position;
    }
}
