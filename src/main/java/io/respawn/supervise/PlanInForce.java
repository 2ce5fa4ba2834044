package io.respawn.supervise;

import io.respawn.model.Plan;

/** Tells those who go by the plan, beside the loop, which one is in force. */
public interface PlanInForce {

    Plan plan();

    /** Has this run whenever another one is, on the loop's thread. */
    void onChange(Runnable news);
}
