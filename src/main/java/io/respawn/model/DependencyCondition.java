package io.respawn.model;

import java.util.Locale;

/** What a dependency must have reached before its dependents start. */
public enum DependencyCondition {
    STARTED,
    READY,
    COMPLETED,
    COMPLETED_SUCCESSFULLY;

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
