package io.respawn.probe;

import io.respawn.model.Probe;

/**
 * How the last answers of a probe add up: yes after {@code successThreshold} successes in a row, no after
 * {@code failureThreshold} failures in a row.
 *
 * @param yes what was concluded so far
 * @param against answers in a row that contradict it
 */
record Streak(boolean yes, int against) {

    /** A new process is not ready before it says so. */
    static final Streak NO = new Streak(false, 0);

    /** Nobody is ill before it shows. */
    static final Streak YES = new Streak(true, 0);

    Streak after(boolean success, Probe probe) {
        if (success == yes) {
            return new Streak(yes, 0);
        }
        int threshold = yes ? probe.failureThreshold() : probe.successThreshold();
        return against + 1 >= threshold ? new Streak(success, 0) : new Streak(yes, against + 1);
    }
}
