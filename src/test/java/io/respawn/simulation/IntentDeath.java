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
        /** It is noted that there will be a process for an order, and there is none. */
        BEGUN,
        /** There is a process, and nobody has noted which. */
        SPAWNED,
        /** There is a process, noted, of which the loop has not heard. */
        NOTED,
        /** Kafka has it, and has not said so. */
        COMMITTED
    }
}
