package io.respawn.model;

import java.util.Locale;
import java.util.Optional;

/** When a restart or start counts as carried out. */
public enum WaitFor {
    STARTED,
    READY;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<WaitFor> parse(String word) {
        return switch (word) {
            case "started" -> Optional.of(STARTED);
            case "ready" -> Optional.of(READY);
            default -> Optional.empty();
        };
    }
}
