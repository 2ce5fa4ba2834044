package io.respawn.schedule;

import io.respawn.model.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** The points in time that a timetable names, whole ones of the clock on the wall. */
interface Times {

    /** The next one after a moment; there is none for the 30th of February. */
    Optional<Instant> after(Instant moment);

    static Times of(Timetable timetable, ZoneId zone) {
        return timetable
                .interval()
                .<Times>map(IntervalTimes::new)
                .orElseGet(() -> new CronTimes(timetable.cron().orElseThrow(), zone));
    }

    /** The last one that is after the first moment and not after the second; years may lie between the two. */
    default Optional<Instant> last(Instant from, Instant to) {
        Duration window = Duration.ofMinutes(1);
        Instant begin = to;
        while (begin.isAfter(from)) {
            begin = to.minus(window);
            begin = begin.isBefore(from) ? from : begin;
            Optional<Instant> last = Optional.empty();
            Optional<Instant> next = after(begin);
            while (next.filter(time -> !time.isAfter(to)).isPresent()) {
                last = next;
                next = next.flatMap(this::after);
            }
            if (last.isPresent()) {
                return last;
            }
            window = window.multipliedBy(4);
        }
        return Optional.empty();
    }
}
