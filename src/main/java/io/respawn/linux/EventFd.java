package io.respawn.linux;

import io.respawn.linux.libc.Epoll;
import io.respawn.linux.libc.Unistd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Wakes a thread that waits in an epoll, from any other thread. */
public final class EventFd implements AutoCloseable {

    private static final byte[] ONE = ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(0, 1)
            .array();

    private final Descriptor descriptor;

    /** Opens an eventfd that is not signalled. */
    public EventFd() {
        this(LinuxException.checked(
                Epoll.eventfd(0, Epoll.EFD_NONBLOCK | Epoll.EFD_CLOEXEC), "eventfd", "open an eventfd"));
    }

    private EventFd(int fd) {
        this.descriptor = new Descriptor("eventfd", fd);
    }

    /** One that somebody else in this process has opened; only one of the two closes it. */
    public static EventFd shared(int fd) {
        return new EventFd(fd);
    }

    /** Makes it readable until it is drained. Holds off a close, else the number could be somebody else's by then. */
    public synchronized void signal() {
        long written = Unistd.write(descriptor.fd(), ONE, 0, ONE.length);
        // EAGAIN means that the counter is full: then the reader is woken anyway.
        if (written < 0 && !Errno.EAGAIN.is(written)) {
            throw new LinuxException("write", Errno.of(written), "signal the eventfd " + descriptor.fd());
        }
    }

    /** Takes the count since the last time, 0 if there was none. */
    public long drain() {
        return Counter.read(descriptor.fd(), "eventfd");
    }

    /** The descriptor, readable while signalled. */
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public synchronized void close() {
        descriptor.close();
    }
}
