package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.model.Schedule;
import io.respawn.model.Timetable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is declared to happen to a service because of the time; the fields are those of the configuration.
 *
 * @param restart when it is restarted
 * @param run when it is started to run to its end
 * @param timeZone whose times those are
 * @param jitter by how much each is put off at most
 * @param overlap skip, queue, replace
 * @param missed skip, once
 * @param missedAfter how late it may be
 * @param maxAge how old a process may become
 * @param maxAgeSpread by how much less that is at most
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TimetableView(
        @Nullable String restart,
        @Nullable String run,
        String timeZone,
        String jitter,
        @Nullable String overlap,
        String missed,
        String missedAfter,
        @Nullable String maxAge,
        @Nullable String maxAgeSpread) {

    static @Nullable TimetableView of(Schedule schedule) {
        if (schedule.isEmpty()) {
            return null;
        }
        return new TimetableView(
                schedule.restart().map(Timetable::text).orElse(null),
                schedule.run().map(Timetable::text).orElse(null),
                schedule.timeZone(),
                schedule.jitter().toString(),
                schedule.isJob() ? Words.of(schedule.overlap()) : null,
                Words.of(schedule.missed()),
                schedule.missedAfter().toString(),
                schedule.maxAge().map(Duration::toString).orElse(null),
                schedule.maxAge()
                        .map(ignored -> schedule.maxAgeSpread().toString())
                        .orElse(null));
    }
}
