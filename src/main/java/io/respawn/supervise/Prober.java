package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;
import java.util.List;
import java.util.Map;

/** Port: probes. Called on the loop. Answered by {@code ReadinessChanged} and {@code ProbeFailed}. */
public interface Prober {

    /** Probes until stopped; a running probe of the instance is replaced. */
    void start(ServiceSpec spec, InstanceId instance, long incarnation);

    /** The same for one that is ready, which counts until it says no. */
    default void startReady(ServiceSpec spec, InstanceId instance, long incarnation) {
        start(spec, instance, incarnation);
    }

    void stop(InstanceId instance);

    /** What was last answered by whom is probed now; nothing where nothing is kept. */
    default Map<InstanceId, List<ProbeAnswer>> answers() {
        return Map.of();
    }
}
