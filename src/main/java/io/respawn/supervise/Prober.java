package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;

/** Port: probes. Called on the loop. Answered by {@code ReadinessChanged} and {@code ProbeFailed}. */
public interface Prober {

    /** Probes until stopped; a running probe of the instance is replaced. */
    void start(ServiceSpec spec, InstanceId instance, long incarnation);

    void stop(InstanceId instance);
}
