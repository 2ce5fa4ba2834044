package io.respawn.linux;

import io.respawn.linux.libc.Time;

/** Fires once at an absolute time of {@link BootClock}, which goes on while the machine sleeps. */
public final class TimerFd implements AutoCloseable {

    private final Descriptor descriptor;

    /** Opens a timer that is not armed. */
    public TimerFd() {
        int fd = Time.timerfd_create(Time.CLOCK_BOOTTIME, Time.TFD_NONBLOCK | Time.TFD_CLOEXEC);
        this.descriptor = new Descriptor("timerfd", LinuxException.checked(fd, "timerfd_create", "open a timer"));
    }

    /** Arms it, in place of any earlier deadline; a past deadline fires at once. */
    public void arm(long deadlineNanos) {
        // Zero would disarm it.
        set(Math.max(1, deadlineNanos));
    }

    /** Takes the deadline back. */
    public void disarm() {
        set(0);
    }

    /** Takes the expirations since the last time: 1 if it fired, else 0. */
    public long drain() {
        return Counter.read(descriptor.fd(), "timerfd");
    }

    /** The descriptor, readable from the deadline until it is drained. */
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private void set(long nanos) {
        int result = Time.timerfd_settime(descriptor.fd(), Time.TFD_TIMER_ABSTIME, nanos);
        LinuxException.checked(result, "timerfd_settime", "arm the timer at " + nanos + " ns");
    }
}
