package io.respawn.linux;

import static io.respawn.linux.libc.Epoll.EPOLL_CTL_ADD;
import static io.respawn.linux.libc.Epoll.EPOLL_CTL_MOD;

import io.respawn.linux.libc.Epoll.epoll_events;
import java.time.Duration;

/** Waits for events on many descriptors; each carries a token of the caller's choice. */
public final class Epoll implements AutoCloseable {

    public static final int IN = io.respawn.linux.libc.Epoll.EPOLLIN;
    public static final int PRIORITY = io.respawn.linux.libc.Epoll.EPOLLPRI;
    public static final int OUT = io.respawn.linux.libc.Epoll.EPOLLOUT;
    public static final int ERROR = io.respawn.linux.libc.Epoll.EPOLLERR;
    public static final int HANGUP = io.respawn.linux.libc.Epoll.EPOLLHUP;

    /** Added to the others: reports what is new since the last report, not what is still there. */
    public static final int EDGE = io.respawn.linux.libc.Epoll.EPOLLET;

    /** What one wait brings at most; the rest comes with the next. */
    private static final int BATCH = 256;

    private final Descriptor descriptor;
    private final epoll_events ready = new epoll_events(BATCH);

    /** Takes an event: what happened, and the token given at {@link #add}. */
    @FunctionalInterface
    public interface Sink {
        /** Handles one event. */
        void ready(int events, long token);
    }

    /** Opens an empty set. */
    public Epoll() {
        int fd = io.respawn.linux.libc.Epoll.epoll_create1(io.respawn.linux.libc.Epoll.EPOLL_CLOEXEC);
        this.descriptor = new Descriptor("epoll", LinuxException.checked(fd, "epoll_create1", "open an epoll"));
    }

    /** Watches a descriptor; hang-ups and errors are reported even with no events asked for. */
    public void add(int fd, int events, long token) {
        control(EPOLL_CTL_ADD, fd, events, token, "watch the descriptor ");
    }

    /** Changes what is asked of a watched descriptor. */
    public void modify(int fd, int events, long token) {
        control(EPOLL_CTL_MOD, fd, events, token, "change the watch of the descriptor ");
    }

    /** Ends the watch of a descriptor; says false if there was none, as closing a descriptor ends it too. */
    public boolean remove(int fd) {
        int result = io.respawn.linux.libc.Epoll.epoll_ctl_del(descriptor.fd(), fd);
        if (Errno.ENOENT.is(result) || Errno.EBADF.is(result)) {
            return false;
        }
        LinuxException.checked(result, "epoll_ctl", "end the watch of the descriptor " + fd);
        return true;
    }

    /** Waits for events, at most so long, and hands each to the sink; returns how many there were. */
    public int await(Duration longest, Sink sink) {
        Threads.requirePlatform("wait for events");
        int millis = (int) Math.min(Integer.MAX_VALUE, longest.toMillis());
        int count = io.respawn.linux.libc.Epoll.epoll_wait(descriptor.fd(), ready, millis);
        if (Errno.EINTR.is(count)) {
            return 0;
        }
        LinuxException.checked(count, "epoll_wait", "wait for events");
        for (int i = 0; i < count; i++) {
            sink.ready(ready.events(i), ready.data(i));
        }
        return count;
    }

    /** Closes the set; the watched descriptors stay open. */
    @Override
    public void close() {
        descriptor.close();
    }

    private void control(int operation, int fd, int events, long token, String what) {
        int result = io.respawn.linux.libc.Epoll.epoll_ctl(descriptor.fd(), operation, fd, events, token);
        LinuxException.checked(result, "epoll_ctl", what + fd);
    }
}
