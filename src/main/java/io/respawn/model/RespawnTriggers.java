package io.respawn.model;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When the sidecar loads itself anew without being told.
 *
 * @param schedule at which times, if at any
 * @param timeZone whose times those are
 * @param heapPercent how full the heap has to be, after a collection, if that is looked at
 * @param heapTime for how long without a break
 * @param apart how long at least after the respawn before this one a full heap asks for the next
 */
public record RespawnTriggers(
        Optional<Cron> schedule, String timeZone, OptionalInt heapPercent, Duration heapTime, Duration apart) {

    /** Nobody but those who order it. */
    public static final RespawnTriggers DEFAULT = new RespawnTriggers(
            Optional.empty(), "UTC", OptionalInt.empty(), Duration.ofMinutes(5), Duration.ofHours(1));

    public RespawnTriggers {
        timeZone = timeZone.strip();
        ZoneId _ = Zones.of(timeZone);
        if (schedule.filter(Cron::hasSeconds).isPresent()) {
            throw new IllegalArgumentException("Cannot load the sidecar anew by the schedule '" + schedule.get()
                    + "': seconds are for services; remove the first field");
        }
        if (heapPercent.isPresent() && (heapPercent.getAsInt() < 10 || heapPercent.getAsInt() > 99)) {
            throw new IllegalArgumentException(
                    "Cannot use a heap threshold of " + heapPercent.getAsInt() + "%: 10% to 99% are allowed");
        }
    }

    /** The zone by its rules. */
    public ZoneId zone() {
        return Zones.of(timeZone);
    }
}
