package io.respawn.process;

import io.respawn.core.TimerKey;

/**
 * An armed timer on its way from one image of the sidecar to the next.
 *
 * @param deadline the reading of the boot clock at which it fires, in nanoseconds
 */
public record KeptTimer(TimerKey key, long deadline) {}
