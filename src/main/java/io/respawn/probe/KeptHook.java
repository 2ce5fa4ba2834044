package io.respawn.probe;

import io.respawn.model.HookPoint;
import io.respawn.model.InstanceId;

/** The process of a hook that is under way, on its way from one image of the sidecar to the next. */
public record KeptHook(InstanceId instance, long incarnation, HookPoint point, int pid, long startTicks) {}
