package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import java.util.Optional;

/** A start that was ordered and has not begun, on its way from one image of the sidecar to the next. */
public record KeptStart(InstanceId instance, long incarnation, Optional<IntentId> intent) {}
