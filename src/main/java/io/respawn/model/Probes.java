package io.respawn.model;

import java.util.Optional;

/**
 * All that a service is asked.
 *
 * @param startup until it says yes the others are not asked; a no ends the process
 * @param readiness whether it can do its work; ready at once when empty
 * @param liveness whether it is still sane; a no ends the process
 */
public record Probes(Optional<Probe> startup, Optional<Probe> readiness, Optional<Liveness> liveness) {

    public static final Probes NONE = new Probes(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * A probe of liveness.
     *
     * @param first sent before the stop signal, for example to have threads dumped; nothing when empty
     * @param restarts whether a no ends the process; else it is only reported
     */
    public record Liveness(Probe probe, Optional<Signal> first, boolean restarts) {}

    /** Whether anything is asked at all. */
    public boolean isEmpty() {
        return startup.isEmpty() && readiness.isEmpty() && liveness.isEmpty();
    }

    /** Whether readiness follows from being there. */
    public boolean isReadyAtOnce() {
        return startup.isEmpty() && readiness.isEmpty();
    }
}
