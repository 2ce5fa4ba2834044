package io.respawn.core;

import java.time.Instant;

/**
 * The time and the randomness an event brings in.
 *
 * @param now of a clock that does not jump while the machine is up (boot time anchored to the wall clock once)
 * @param entropy 64 random bits, the only source of jitter
 */
public record Stamp(Instant now, long entropy) {}
