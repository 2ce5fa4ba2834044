package io.respawn.core;

/** How the sidecar stands with Kafka. */
public enum KafkaStatus {
    /** No broker answered yet. */
    CONNECTING,
    /** The state is being read. */
    RESTORING,
    /** Everything is written as it happens. */
    LIVE,
    /** Was live, or a person must change something first; what happens is kept locally and written later. */
    DEGRADED,
    /** Another sidecar owns the state now. */
    FENCED,
    /** No broker is configured. */
    OFF
}
