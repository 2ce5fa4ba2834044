package io.respawn.linux;

import io.respawn.linux.libc.Signal;

/** Makes sure that the ends of children can be seen. */
public final class Sigchld {

    private Sigchld() {}

    /**
     * Sets SIGCHLD to its default and says whether it was ignored.
     *
     * <p>A parent that ignores it hands that on, and then the kernel throws exit statuses away.
     */
    public static boolean reset() {
        long former = Signal.sigaction_default(Signals.SIGCHLD);
        if (former < 0) {
            throw new LinuxException("sigaction", Errno.of(former), "reset SIGCHLD");
        }
        return former == Signal.SIG_IGN;
    }
}
