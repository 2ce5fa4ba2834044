package io.respawn.core;

import io.respawn.model.Backoff;
import java.time.Duration;

/** Computes the delay before a crash restart. */
final class BackoffRule {

    private BackoffRule() {}

    /**
     * The delay for the given attempt, counted from 0: {@code delay * factor^attempt}, at most the limit, plus a random
     * share of up to {@code jitter} of it.
     */
    static Duration delay(Backoff backoff, int attempt, long entropy) {
        double limit = backoff.limit().toNanos();
        double grown = backoff.delay().toNanos() * Math.pow(backoff.factor(), attempt);
        double capped = Math.min(limit, grown);
        // 53 bits are what a double holds exactly.
        double share = (entropy >>> 11) * 0x1.0p-53;
        return Duration.ofNanos((long) (capped * (1.0 + backoff.jitter() * share)));
    }
}
