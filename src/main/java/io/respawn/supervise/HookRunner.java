package io.respawn.supervise;

import io.respawn.core.Effect;
import io.respawn.model.ServiceSpec;

/** Port: what is done at the turns of a process's life. */
public interface HookRunner {

    /**
     * Does it, for as long as it may, once what was done for the instance before is gone. {@code HookEnded} follows in any
     * case. What is being done already goes on.
     */
    void run(ServiceSpec spec, Effect.RunHook order);

    /** Ends it; {@code HookEnded} still follows. */
    void cancel(Effect.CancelHook order);
}
