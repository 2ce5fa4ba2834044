package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.respawn.model.ReadinessProbe;

/** Port: readiness probes. Called on the loop. Answered by {@code ReadinessChanged}. */
public interface Prober {

    /** Probes until stopped; a running probe of the instance is replaced. */
    void start(InstanceId instance, long incarnation, ReadinessProbe probe);

    void stop(InstanceId instance);
}
