package io.respawn.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Every so often since the beginning of 1970, so that the times are the same whoever begins to count when. */
record IntervalTimes(Duration interval) implements Times {

    @Override
    public Optional<Instant> after(Instant moment) {
        long length = interval.toMillis();
        long next = Math.multiplyExact(Math.floorDiv(moment.toEpochMilli(), length) + 1, length);
        return Optional.of(Instant.ofEpochMilli(next));
    }
}
