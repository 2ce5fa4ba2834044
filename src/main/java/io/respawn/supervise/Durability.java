package io.respawn.supervise;

import java.util.Locale;

/** Where an accepted order is kept. */
public enum Durability {
    /** Only in memory: it is lost with the sidecar. */
    MEMORY,
    /** On this machine's disk: it is lost with the machine. */
    LOCAL,
    /** Committed on Kafka. */
    KAFKA;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
