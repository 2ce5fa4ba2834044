package io.respawn.linux;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Finds the child that a thread is just starting, while the call that starts it has not returned: it hangs in the exec of
 * its program, and nobody has been told its number.
 */
public final class HalfBorn {

    private final Optional<Path> children;

    private HalfBorn(Optional<Path> children) {
        this.children = children;
    }

    /** That of the calling thread. */
    public static HalfBorn ofThisThread() {
        return new HalfBorn(ProcFs.ownThread().map(task -> task.resolve("children")));
    }

    /** Kills what the thread is starting; {@code known} are the children whose start is over. */
    public void kill(IntPredicate known) {
        int self = ProcFs.ownPid();
        for (int pid : children.map(ProcFs::children).orElseGet(java.util.List::of)) {
            if (!known.test(pid)) {
                kill(pid, self);
            }
        }
    }

    /** The descriptor comes before the look, so that it is the child that was looked at which gets the signal. */
    private static void kill(int pid, int self) {
        Optional<Pidfd> opened = Pidfd.open(pid);
        if (opened.isEmpty()) {
            return;
        }
        try (Pidfd held = opened.get()) {
            if (ProcFs.stat(pid).filter(stat -> stat.parent() == self).isPresent()) {
                held.signal(Signals.SIGKILL);
            }
        }
    }
}
