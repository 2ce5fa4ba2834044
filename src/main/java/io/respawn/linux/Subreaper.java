package io.respawn.linux;

import io.respawn.linux.libc.Processes;

/** Makes this process the new parent of its orphaned descendants; that lasts over {@code execve}. */
public final class Subreaper {

    private Subreaper() {}

    /** Takes the role; process 1 has it anyway. */
    public static void enable() {
        LinuxException.checked(Processes.prctl_set_child_subreaper(true), "prctl", "become the parent of orphans");
    }

    /** Gives the role back. */
    public static void disable() {
        LinuxException.checked(Processes.prctl_set_child_subreaper(false), "prctl", "stop being the parent of orphans");
    }

    /** Whether this process has taken the role. */
    public static boolean enabled() {
        return LinuxException.checked(Processes.prctl_get_child_subreaper(), "prctl", "ask for the subreaper role")
                == 1;
    }
}
