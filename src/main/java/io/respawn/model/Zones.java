package io.respawn.model;

import java.time.DateTimeException;
import java.time.ZoneId;

/** Reads names of time zones. */
public final class Zones {

    private Zones() {}

    /**
     * The zone by its rules.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public static ZoneId of(String name) {
        try {
            return ZoneId.of(name.strip());
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "Cannot use '" + Text.shown(name) + "' as a time zone: write for example UTC or Europe/Berlin",
                    unknown);
        }
    }
}
