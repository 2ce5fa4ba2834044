package io.respawn.supervise;

import io.respawn.core.MemoryPressure;
import io.respawn.model.InstanceId;
import java.time.Duration;

/**
 * What was counted of an instance, on its way to the next image of the sidecar.
 *
 * @param incarnation of the process that was looked at last
 * @param cpuTime processor time of all its processes
 * @param counted of which this much was that incarnation's
 * @param pressure how long it has been above its memory
 */
public record KeptUsage(
        InstanceId instance, long incarnation, Duration cpuTime, Duration counted, MemoryPressure pressure) {}
