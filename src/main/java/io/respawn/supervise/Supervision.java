package io.respawn.supervise;

import io.respawn.core.Intent;
import io.respawn.core.PublicEvent;
import io.respawn.model.Command;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** What the edges (REST, CLI, health, metrics) may ask of the loop. Any thread may call. */
public interface Supervision {

    /** An order that was taken, and where it is kept; a rejected one is an intent that ended at once. */
    record Submitted(Intent intent, Durability durability) {}

    /** The state as the loop sees it when it gets to the question. */
    Uni<Snapshot> snapshot();

    /** Hands a local order in; answers once it is as durable as it can be right now. */
    Uni<Submitted> submit(Command command);

    /** All public events from now on, as they are made; a slow reader loses the oldest. */
    Multi<PublicEvent> events();

    /** How long ago the loop turned last; it turns at least once a second. */
    Duration sinceLastBeat();

    Statistics statistics();
}
