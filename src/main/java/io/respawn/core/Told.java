package io.respawn.core;

import java.time.Instant;
import java.util.Optional;

/**
 * What a process said about itself that its next sidecar need not know.
 *
 * @param startDeadline when it has to be ready, as long as that is waited for
 * @param longestStop the latest that it may ask its end to be put off to
 */
record Told(long incarnation, String status, Optional<Instant> startDeadline, Optional<Instant> longestStop) {
    Told saying(String text) {
        return new Told(incarnation, text, startDeadline, longestStop);
    }

    Told toBeReadyBy(Optional<Instant> deadline) {
        return new Told(incarnation, status, deadline, longestStop);
    }

    Told toBeGoneBy(Instant longest) {
        return new Told(incarnation, status, startDeadline, Optional.of(longest));
    }
}
