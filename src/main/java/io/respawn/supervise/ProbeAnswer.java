package io.respawn.supervise;

import java.time.Instant;

/**
 * What a probe of a process was last answered.
 *
 * @param yes whether the answer was a good one; how many of them it takes, the probe's thresholds say
 * @param detail what was asked and what was answered, for people
 */
public record ProbeAnswer(Kind kind, Instant at, boolean yes, String detail) {

    /** What was asked for. */
    public enum Kind {
        STARTUP,
        READINESS,
        LIVENESS
    }
}
