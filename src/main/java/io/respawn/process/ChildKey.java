package io.respawn.process;

import io.respawn.model.InstanceId;

/** Names one process of an instance. */
record ChildKey(InstanceId instance, long incarnation) {}
