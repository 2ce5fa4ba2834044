package io.respawn.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rations the attempts to begin a new log with everything that is known: each costs as much as there is, and while a disk
 * stays full they all fail. The pause doubles up to its limit. Not thread-safe.
 */
final class Healing {

    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private Duration pause = Duration.ZERO;
    private long notBefore;
    private long attempts;
    private @Nullable IOException reason;

    /**
     * Begins an attempt.
     *
     * @throws IOException the reason of the last failure, when it is too early for another attempt
     */
    void begin() throws IOException {
        if (reason != null && System.nanoTime() - notBefore < 0) {
            throw reason;
        }
        attempts++;
    }

    /** Has another attempt made when the pause is over. */
    void failed(IOException why, Runnable again) {
        reason = why;
        Duration next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
        notBefore = System.nanoTime() + pause.toNanos();
        CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS).execute(again);
    }

    void succeeded() {
        pause = Duration.ZERO;
        reason = null;
    }

    long attempts() {
        return attempts;
    }
}
