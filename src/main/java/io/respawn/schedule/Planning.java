package io.respawn.schedule;

import io.respawn.model.Schedule;
import io.respawn.model.ServiceName;
import io.respawn.model.SidecarId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Says which planned time of a service is due, and which is the next. */
record Planning(SidecarId sidecar, ServiceName service, Schedule schedule, Times times) {

    /**
     * A planned time that has come.
     *
     * @param late by how much it was missed; by nothing, if it was not
     * @param further whether there were others before it, which it stands for
     */
    record Due(Instant planned, Duration late, boolean further) {
        boolean isMissed() {
            return late.isPositive();
        }
    }

    /** The last of those that came due after everything was seen to. */
    Optional<Due> due(Instant seenTo, Instant now) {
        // Whatever was planned for before then is due, by however much it was put off.
        Instant certain = now.minus(schedule.jitter());
        Optional<Instant> last =
                putOff(certain.isBefore(seenTo) ? seenTo : certain, now).or(() -> times.last(seenTo, certain));
        return last.map(planned -> {
            Duration late = Duration.between(dueAt(planned), now);
            boolean missed = late.compareTo(schedule.missedAfter()) > 0;
            boolean further = times.after(seenTo).filter(planned::isAfter).isPresent();
            return new Due(planned, missed ? late : Duration.ZERO, further);
        });
    }

    private Optional<Instant> putOff(Instant from, Instant now) {
        Optional<Instant> last = Optional.empty();
        Optional<Instant> next = times.after(from);
        while (next.filter(time -> !time.isAfter(now)).isPresent()) {
            if (next.filter(time -> !dueAt(time).isAfter(now)).isPresent()) {
                last = next;
            }
            next = next.flatMap(times::after);
        }
        return last;
    }

    /** When the next one is due that was not seen to before. */
    Optional<Instant> next(Instant seenTo, Set<Instant> known, Instant now) {
        Instant from = now.minus(schedule.jitter());
        Optional<Instant> next = times.after(from.isBefore(seenTo) ? seenTo : from);
        while (next.filter(time -> known.contains(time) || !dueAt(time).isAfter(now))
                .isPresent()) {
            next = next.flatMap(times::after);
        }
        return next.map(this::dueAt);
    }

    /** It is put off by the same time whoever asks. */
    Instant dueAt(Instant planned) {
        return planned.plus(Share.of(schedule.jitter(), sidecar + "/" + service + "/" + planned));
    }
}
