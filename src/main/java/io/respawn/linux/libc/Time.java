package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Clocks and timers: {@code time.h} and {@code sys/timerfd.h}. */
public final class Time {

    public static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    public static final int CLOCK_BOOTTIME = 7;
    public static final int TFD_NONBLOCK = 0x800;
    public static final int TFD_CLOEXEC = 0x80000;
    public static final int TFD_TIMER_ABSTIME = 1;

    private static final long NANOS = 1_000_000_000L;
    private static final MemorySegment CLOCK_GETTIME = Downcall.symbol("clock_gettime");
    private static final MemorySegment TIMERFD_CREATE = Downcall.symbol("timerfd_create");
    private static final MemorySegment TIMERFD_SETTIME = Downcall.symbol("timerfd_settime");

    private Time() {}

    /** <a href="https://man7.org/linux/man-pages/man2/clock_gettime.2.html">clock_gettime(2)</a> in nanoseconds. */
    public static long clock_gettime(int clock) {
        try (var memory = new Memory()) {
            MemorySegment time = memory.allocate(Layouts.timespec);
            int result = Downcall.ints(CLOCK_GETTIME, clock, time.address(), 0);
            return result < 0 ? result : time.get(JAVA_LONG, 0) * NANOS + time.get(JAVA_LONG, 8);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/timerfd_create.2.html">timerfd_create(2)</a>. */
    public static int timerfd_create(int clock, int flags) {
        return Downcall.ints(TIMERFD_CREATE, clock, flags, 0);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/timerfd_settime.2.html">timerfd_settime(2)</a>, one shot. */
    public static int timerfd_settime(int fd, int flags, long valueNanos) {
        try (var memory = new Memory()) {
            MemorySegment timer = memory.allocate(Layouts.itimerspec);
            long value = Layouts.offset(Layouts.itimerspec, "it_value");
            timer.set(JAVA_LONG, value, valueNanos / NANOS);
            timer.set(JAVA_LONG, value + 8, valueNanos % NANOS);
            return Downcall.ints(TIMERFD_SETTIME, fd, flags, timer.address(), 0, 0, 0);
        }
    }
}
