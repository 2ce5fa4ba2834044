package io.respawn.probe;

import io.respawn.model.Probe;

/**
 * How the last answers of a probe add up: ready after {@code successThreshold} successes in a row, unready after
 * {@code failureThreshold} failures in a row.
 *
 * @param ready what was concluded so far
 * @param against answers in a row that contradict it
 */
record Streak(boolean ready, int against) {

    /** A new process is not ready before it says so. */
    static final Streak NEW = new Streak(false, 0);

    Streak after(boolean success, Probe probe) {
        if (success == ready) {
            return new Streak(ready, 0);
        }
        int threshold = ready ? probe.failureThreshold() : probe.successThreshold();
        return against + 1 >= threshold ? new Streak(success, 0) : new Streak(ready, against + 1);
    }
}
