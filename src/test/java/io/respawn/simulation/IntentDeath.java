package io.respawn.simulation;

import io.respawn.core.Event;
import io.respawn.core.Step;
import java.util.Optional;

/** An instant at which a sidecar can die. */
record IntentDeath(IntentSidecar sidecar, Point point, Optional<Event> event, Optional<Step> step) {

    enum Point {
        /** Decided, and nothing written. */
        DECIDED,
        /** In the journal, and nothing done. */
        KEPT,
        /** After one of the effects. */
        ACTED,
        /** There is a process of which nobody has written. */
        SPAWNED,
        /** There is a process, noted, of which the loop has not heard. */
        NOTED,
        /** Kafka has it, and has not said so. */
        COMMITTED
    }
}
