package io.respawn.testing;

import io.respawn.core.Effect;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.HookRunner;

/** For services without hooks. */
public final class NoHooks implements HookRunner {

    @Override
    public void run(ServiceSpec spec, Effect.RunHook order) {
        throw new IllegalStateException("Cannot run a hook of " + spec.name() + " here");
    }

    @Override
    public void cancel(Effect.CancelHook order) {
        throw new IllegalStateException("Cannot end a hook of " + order.instance() + " here");
    }
}
