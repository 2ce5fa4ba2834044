package io.respawn.linux;

import io.respawn.linux.libc.Syscall;
import io.respawn.linux.libc.Unistd;
import java.io.ByteArrayOutputStream;

/** Holds bytes in a file that has no place in any directory and ends with its last descriptor. */
public final class Memfd implements AutoCloseable {

    private static final int PIECE = 64 * 1024;

    private final Descriptor descriptor;

    private Memfd(int fd) {
        this.descriptor = new Descriptor("memfd", fd);
    }

    /** Makes one with these bytes; the name is only for {@code /proc/PID/fd}. */
    public static Memfd create(String name, byte[] content) {
        int fd = Syscall.memfd_create(name, Unistd.MFD_CLOEXEC);
        var memfd = new Memfd(LinuxException.checked(fd, "memfd_create", "make the memory file " + name));
        try {
            memfd.write(content);
            return memfd;
        } catch (LinuxException failed) {
            memfd.close();
            throw failed;
        }
    }

    /** Takes over one that was kept over {@code execve}. */
    public static Memfd inherited(int fd) {
        int result = Unistd.fcntl(fd, Unistd.F_SETFD, Unistd.FD_CLOEXEC);
        LinuxException.checked(result, "fcntl", "take over the memory file " + fd);
        return new Memfd(fd);
    }

    private void write(byte[] content) {
        int done = 0;
        while (done < content.length) {
            long written = Unistd.write(descriptor.fd(), content, done, Math.min(PIECE, content.length - done));
            if (written <= 0) {
                Errno errno = written < 0 ? Errno.of(written) : Errno.ENOSPC;
                throw new LinuxException("write", errno, "fill the memory file " + descriptor.fd());
            }
            done += (int) written;
        }
    }

    /** All its bytes, from the first. */
    public byte[] content() {
        var content = new ByteArrayOutputStream();
        Unistd.lseek(descriptor.fd(), 0, Unistd.SEEK_SET);
        byte[] piece = new byte[PIECE];
        long read = Unistd.read(descriptor.fd(), piece);
        while (read > 0) {
            content.write(piece, 0, (int) read);
            read = Unistd.read(descriptor.fd(), piece);
        }
        if (read < 0) {
            throw new LinuxException("read", Errno.of(read), "read the memory file " + descriptor.fd());
        }
        return content.toByteArray();
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
