package io.respawn.process;

import io.respawn.model.InstanceId;
import java.time.Instant;

/** When a line was answered last, on its way to the next image of the sidecar. */
public record KeptTrigger(InstanceId instance, String name, Instant at) {}
