package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Waiting for descriptors: {@code sys/epoll.h} and {@code sys/eventfd.h}. */
public final class Epoll {

    public static final int EPOLL_CLOEXEC = 0x80000;
    public static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;
    public static final int EPOLLIN = 1;
    public static final int EPOLLPRI = 2;
    public static final int EPOLLOUT = 4;
    public static final int EPOLLERR = 8;
    public static final int EPOLLHUP = 16;
    public static final int EPOLLET = 1 << 31;
    public static final int EFD_NONBLOCK = 0x800;
    public static final int EFD_CLOEXEC = 0x80000;

    private static final MemorySegment EPOLL_CREATE1 = Downcall.symbol("epoll_create1");
    private static final MemorySegment EPOLL_CTL = Downcall.symbol("epoll_ctl");
    private static final MemorySegment EPOLL_WAIT = Downcall.symbol("epoll_wait");
    private static final MemorySegment EVENTFD = Downcall.symbol("eventfd");

    private static final long SIZE = Layouts.epoll_event.byteSize();
    private static final long EVENTS = Layouts.offset(Layouts.epoll_event, "events");
    private static final long DATA = Layouts.offset(Layouts.epoll_event, "data");

    private Epoll() {}

    /** An array of {@code struct epoll_event} that {@link #epoll_wait} fills again and again. */
    public static final class epoll_events {
        private final int capacity;
        private final MemorySegment segment;

        /** Reserves room; the memory goes with this object. */
        public epoll_events(int capacity) {
            this.capacity = capacity;
            this.segment = Arena.ofAuto().allocate(SIZE * capacity, 16);
        }

        public int events(int index) {
            return segment.get(JAVA_INT_UNALIGNED, index * SIZE + EVENTS);
        }

        public long data(int index) {
            return segment.get(JAVA_LONG_UNALIGNED, index * SIZE + DATA);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/epoll_create1.2.html">epoll_create1(2)</a>. */
    public static int epoll_create1(int flags) {
        return Downcall.ints(EPOLL_CREATE1, flags, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/epoll_ctl.2.html">epoll_ctl(2)</a>. */
    public static int epoll_ctl(int epfd, int operation, int fd, int events, long data) {
        try (var memory = new Memory()) {
            MemorySegment event = memory.allocate(SIZE);
            event.set(JAVA_INT_UNALIGNED, EVENTS, events);
            event.set(JAVA_LONG_UNALIGNED, DATA, data);
            return Downcall.ints(EPOLL_CTL, epfd, operation, fd, event.address(), 0, 0);
        }
    }

    /** {@link #epoll_ctl} with {@code EPOLL_CTL_DEL}, which needs no event and so no memory. */
    public static int epoll_ctl_del(int epfd, int fd) {
        return Downcall.ints(EPOLL_CTL, epfd, EPOLL_CTL_DEL, fd, 0, 0, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/epoll_wait.2.html">epoll_wait(2)</a>. */
    public static int epoll_wait(int epfd, epoll_events events, int timeoutMillis) {
        try {
            return Downcall.ints(EPOLL_WAIT, epfd, events.segment.address(), events.capacity, timeoutMillis, 0, 0);
        } finally {
            // The call knows only the address: without this the memory could be freed while the kernel writes to it.
            Reference.reachabilityFence(events);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>. */
    public static int eventfd(int initial, int flags) {
        return Downcall.ints(EVENTFD, initial, flags, 0);
    }
}
