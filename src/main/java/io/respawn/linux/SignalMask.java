package io.respawn.linux;

import io.respawn.linux.libc.Signal;
import java.util.Set;

/**
 * Changes which signals the calling thread blocks.
 *
 * <p>A signalfd only receives what every thread blocks, and a JVM has its threads before {@code main}: so the mask must be
 * there when the program starts (set by its launcher, or kept over {@code execve}). Threads take the mask of the thread
 * that starts them.
 */
public final class SignalMask {

    private SignalMask() {}

    /** The signals that this thread blocks. */
    public static Set<Integer> current() {
        return change(Signal.SIG_BLOCK, Set.of());
    }

    /** Blocks these signals too; returns what was blocked before. */
    public static Set<Integer> block(Set<Integer> signals) {
        return change(Signal.SIG_BLOCK, signals);
    }

    /** Blocks exactly these signals; returns what was blocked before. */
    public static Set<Integer> replace(Set<Integer> signals) {
        return change(Signal.SIG_SETMASK, signals);
    }

    /** Blocks nothing; returns what was blocked before. */
    public static Set<Integer> clear() {
        return replace(Set.of());
    }

    private static Set<Integer> change(int how, Set<Integer> signals) {
        Threads.requirePlatform("change the signal mask");
        return Signals.set(Signal.pthread_sigmask(how, Signals.bits(signals)));
    }
}
