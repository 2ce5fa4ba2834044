package io.respawn.linux;

import io.respawn.linux.libc.Signal;
import io.respawn.linux.libc.Unistd;

/**
 * Signals by number, for what has no pidfd: process groups.
 *
 * <p>A number is only safe while something pins it: keep the leader of the group unreaped until this call returned.
 */
public final class Kill {

    private Kill() {}

    /** Signals every member of a process group; signal 0 only asks whether it could be signalled. */
    public static SignalResult group(int processGroup, int signal) {
        // kill(0), kill(-1) and our own group would reach processes that nobody meant.
        if (processGroup <= 1 || processGroup == Unistd.getpgid(0)) {
            throw new IllegalArgumentException("Cannot signal the process group " + processGroup
                    + "; it must be above 1 and not the group of this process");
        }
        int result = Signal.kill(-processGroup, signal);
        return SignalResult.of(
                result, 0, "kill", "send " + Signals.name(signal) + " to the process group " + processGroup);
    }
}
