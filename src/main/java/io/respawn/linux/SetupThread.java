package io.respawn.linux;

import io.respawn.linux.SpawnResult.Stage;
import io.respawn.linux.libc.Credentials;
import io.respawn.linux.libc.Credentials.prepared_call;
import io.respawn.linux.libc.Spawn.spawn_call;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one spawn on a thread that takes on what its child is to inherit, and ends with it: user, groups, niceness and the
 * like belong to a thread, so that nothing else of this program changes.
 *
 * <p>Once it is another user, the thread may not be allowed to read a class any more. So it makes calls that were prepared,
 * and each kind of them once before it changes.
 */
final class SetupThread {

    /** Something that the thread does to itself, and what it is for. */
    record Step(Stage stage, prepared_call call) {}

    private static final prepared_call HARMLESS = Credentials.gettid();

    /** Whether other processes of our own user may look into this one, as it was at first. */
    private static final int DUMPABLE = Credentials.prctl_get_dumpable();

    private final prepared_call[] before;
    private final prepared_call[] after;
    private final int[] refusals;
    private final Consumer<HalfBorn> standsIn;
    private int failedAt = -1;
    private int error;
    private @Nullable Throwable thrown;

    /**
     * Prepares it.
     *
     * @param steps are taken in order, and the first that fails is the last
     * @param limits are made about the child, with what rights it has
     * @param standsIn is told of the thread whose child is born
     */
    SetupThread(List<Step> steps, List<prepared_call> limits, Consumer<HalfBorn> standsIn) {
        before = steps.stream().map(Step::call).toArray(prepared_call[]::new);
        after = limits.toArray(prepared_call[]::new);
        refusals = new int[after.length];
        this.standsIn = standsIn;
    }

    /** Makes the call and says its error number, 0 for none. */
    int make(spawn_call call) {
        Thread thread = Thread.ofPlatform().daemon().name("respawn-set-up").unstarted(() -> work(call));
        thread.start();
        join(thread);
        if (DUMPABLE == 1) {
            // Another user's thread has closed us to our own user, and with that our own files in /proc.
            Credentials.prctl_set_dumpable(DUMPABLE);
        }
        if (thrown instanceof Error failed) {
            throw failed;
        }
        if (thrown instanceof RuntimeException failed) {
            throw failed;
        }
        return error;
    }

    /** Which step failed, -1 for none. */
    int failedAt() {
        return failedAt;
    }

    /** What was answered for a limit: 0, or the negated error number. */
    int answer(int limit) {
        return refusals[limit];
    }

    private void work(spawn_call call) {
        try {
            standsIn.accept(HalfBorn.ofThisThread());
            HARMLESS.make();
            HARMLESS.make_for(0);
            for (int i = 0; i < before.length; i++) {
                int result = before[i].make();
                if (result < 0) {
                    failedAt = i;
                    error = -result;
                    return;
                }
            }
            error = call.make();
            if (error == 0 && after.length > 0) {
                limit(call.child());
            }
        } catch (RuntimeException | Error failed) {
            thrown = failed;
        }
    }

    private void limit(int pid) {
        for (int i = 0; i < after.length; i++) {
            refusals[i] = after[i].make_for(pid);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
