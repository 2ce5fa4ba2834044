package io.respawn.linux;

import io.respawn.linux.libc.Unistd;

/**
 * Looks at what waits in a pipe without taking it out: the bytes stay the kernel's until they are where they belong, and
 * the death of this process loses none of them. For one thread.
 */
public final class Lookout implements AutoCloseable {

    private final Descriptor in;
    private final Descriptor out;

    /** Opens the pipe that copies go through. */
    public Lookout() {
        int[] ends = new int[2];
        LinuxException.checked(Unistd.pipe2(ends, Unistd.O_NONBLOCK | Unistd.O_CLOEXEC), "pipe2", "open a pipe");
        this.out = new Descriptor("pipe to read copies from", ends[0]);
        this.in = new Descriptor("pipe to copy into", ends[1]);
    }

    /** Copies what waits at the front, as much as fits; -1 says that nothing is there now. */
    public int look(Fifo.End pipe, byte[] into) {
        int copied = pipe.tee(in.fd(), into.length);
        int read = 0;
        while (read < copied) {
            byte[] rest = read == 0 ? into : new byte[copied - read];
            long more = Unistd.read(out.fd(), rest);
            if (more <= 0) {
                throw new LinuxException(
                        "read", more < 0 ? Errno.of(more) : Errno.EIO, "read " + copied + " copied bytes, got " + read);
            }
            if (read > 0) {
                System.arraycopy(rest, 0, into, read, (int) more);
            }
            read += (int) more;
        }
        return copied;
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }
}
