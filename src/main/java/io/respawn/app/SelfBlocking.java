package io.respawn.app;

import io.respawn.linux.Errno;
import io.respawn.linux.ProcFs;
import io.respawn.linux.SelfExec;
import io.respawn.process.SignalHandling;
import java.util.Optional;
import java.util.Set;

/**
 * Blocks the signals where no launcher did, as in an image without a shell: a virtual machine has threads before
 * {@code main}, so the program has to start once more with the mask in place.
 */
final class SelfBlocking {

    /** Says that it was tried, so that it never is twice. */
    private static final String DONE = "RESPAWN_SIGNALS_BLOCKED";

    /** Only a native executable has this property. */
    private static final String NATIVE = "org.graalvm.nativeimage.imagecode";

    private static final int SIGTERM_BIT = 14;

    private SelfBlocking() {}

    /** Starts the program once more, in its own place, if that helps; returns with a reason if it should and cannot. */
    static Optional<String> startAgain() {
        if (SignalHandling.possible() || isVirtualMachines() || System.getenv(DONE) != null) {
            return Optional.empty();
        }
        Errno failed = SelfExec.become(
                SelfExec.Image.again(Set.of(), SignalHandling.handled()).with(DONE, "1"));
        return Optional.of("Cannot start once more with blocked signals: " + failed
                + "; TERM and INT stop the services all the same, HUP and USR1 end the sidecar");
    }

    /**
     * Without {@code -Xrs} the virtual machine handles them itself, and unblocks them in each of its threads. A native
     * executable has handlers too, but leaves the mask alone.
     */
    private static boolean isVirtualMachines() {
        return System.getProperty(NATIVE) == null
                && ProcFs.status(ProcFs.ownPid())
                        .map(status -> status.getOrDefault("SigCgt", "0"))
                        .filter(caught -> (Long.parseUnsignedLong(caught, 16) >> SIGTERM_BIT & 1) == 1)
                        .isPresent();
    }
}
