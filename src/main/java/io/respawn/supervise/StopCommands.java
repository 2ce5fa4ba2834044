package io.respawn.supervise;

import io.respawn.core.Effect;
import io.respawn.model.ServiceSpec;

/** Port: the commands that ask services to end. */
public interface StopCommands {

    /**
     * Runs one beside its service, for as long as it may. {@code StopCommandFailed} follows when it does not end with 0; an
     * end after the service's own says nothing any more.
     */
    void run(ServiceSpec spec, Effect.RunStopCommand order);
}
