package io.respawn.probe;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;

/** Who is asked. */
record Subject(ServiceSpec spec, InstanceId instance, long incarnation) {}
