package io.respawn.linux;

import io.respawn.linux.libc.Processes;

/** What threads may do here: calls that wait, or that change the calling thread, are kept off virtual threads. */
public final class Threads {

    private static final int LOWEST = 19;

    private Threads() {}

    /** Lets all others go first from now on; says false if that was refused. The JVM's own priorities do nothing here. */
    public static boolean yieldAlways() {
        requirePlatform("change the priority");
        return Processes.setpriority(Processes.PRIO_PROCESS, 0, LOWEST) == 0;
    }

    static void requirePlatform(String what) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("Cannot " + what
                    + " on a virtual thread, as it would hold or change its carrier; use a platform thread");
        }
    }
}
