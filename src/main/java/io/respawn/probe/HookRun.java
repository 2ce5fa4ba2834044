package io.respawn.probe;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a hook: it ends by itself, or is ended, and has ended when nothing of it is left. What could not be tried for
 * want of something of ours is tried again as long as there is time. Thread-safe.
 */
final class HookRun {

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    /** How long after its end was wanted it is waited for: a process may hang in the kernel, or be another user's. */
    private static final Duration LONGEST_DYING = Duration.ofSeconds(5);

    /**
     * Something that is being done.
     *
     * @param answer of no use once it was dropped
     * @param gone completes when nothing of it is left
     * @param pid of its process, as long as it has one
     */
    record Deed(
            CompletableFuture<Answer> answer, CompletableFuture<Void> gone, Runnable drop, Supplier<OptionalInt> pid) {

        static Deed of(CommandRun run) {
            return new Deed(run.answer(), run.gone(), run::cancel, run::pid);
        }
    }

    private Supplier<Deed> deeds;
    private final CompletableFuture<Answer> end = new CompletableFuture<>();
    private @Nullable Deed deed;
    private @Nullable String unwanted;
    private int limits;

    /** Nothing is begun yet. */
    HookRun(Supplier<Deed> deeds) {
        this.deeds = deeds;
    }

    /** Goes on with what is being done already. */
    static HookRun goingOn(Deed begun) {
        HookRun run = new HookRun(() -> begun);
        run.watch(begun);
        return run;
    }

    /** If it has to be tried again, then so. */
    synchronized void retryBy(Supplier<Deed> next) {
        deeds = next;
    }

    /** How it went; completes when nothing of it is left, and never fails. */
    CompletableFuture<Answer> end() {
        return end;
    }

    synchronized OptionalInt pid() {
        return deed == null ? OptionalInt.empty() : deed.pid().get();
    }

    synchronized void begin() {
        if (end.isDone()) {
            return;
        }
        if (unwanted != null) {
            finish(Answer.failure(unwanted));
            return;
        }
        try {
            watch(deeds.get());
        } catch (RuntimeException | OutOfMemoryError failed) {
            over(Answer.failure("Cannot begin", failed));
        }
    }

    private synchronized void watch(Deed begun) {
        deed = begun;
        CompletableFuture<Void> _ = begun.gone()
                .thenRun(() -> over(begun.answer().getNow(Answer.failure("nobody is left to tell how it ended"))));
    }

    private synchronized void over(Answer answer) {
        deed = null;
        if (unwanted != null) {
            finish(Answer.failure(unwanted));
        } else if (answer.isNone()) {
            later(BETWEEN_TRIES, this::begin);
        } else {
            finish(answer);
        }
    }

    /** Ends it when that time is over; the latest of several counts. */
    synchronized void limit(Duration time) {
        int ordinal = ++limits;
        later(time, () -> limitReached(ordinal, time));
    }

    private synchronized void limitReached(int ordinal, Duration time) {
        if (ordinal == limits) {
            cancel("it took longer than " + time.toMillis() + " ms and was ended");
        }
    }

    /** Ends it, for this reason. */
    synchronized void cancel(String why) {
        if (unwanted != null || end.isDone()) {
            return;
        }
        unwanted = why;
        if (deed != null) {
            deed.drop().run();
            later(LONGEST_DYING, () -> finish(Answer.failure(why + ", but its process is still there")));
        } else {
            // Either it has not begun and need not, or it waits for the next try.
            finish(Answer.failure(why));
        }
    }

    private void finish(Answer answer) {
        end.complete(answer);
    }

    private static void later(Duration time, Runnable work) {
        CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS).execute(work);
    }
}
