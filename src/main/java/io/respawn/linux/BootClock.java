package io.respawn.linux;

import io.respawn.linux.libc.Time;

/** Tells the nanoseconds since the machine started, sleep included; all processes of the machine agree on it. */
public final class BootClock {

    private BootClock() {}

    /** The time now, in nanoseconds. */
    public static long nanos() {
        return Time.clock_gettime(Time.CLOCK_BOOTTIME);
    }
}
