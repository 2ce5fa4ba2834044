package io.respawn.supervise;

import io.respawn.model.IntentId;
import io.respawn.model.Plan;

/** Port: where plans come from, and who goes by the one in force. Called on the loop's thread; never waits. */
public interface Plans {

    /** Reads the configuration again. Answered by {@code PlanRead} or {@code PlanRefused}. */
    void read(IntentId intent);

    /** This plan is in force from now on. */
    void follow(Plan plan);
}
