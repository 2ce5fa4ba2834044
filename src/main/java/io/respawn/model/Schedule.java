package io.respawn.model;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What happens to a service because of the time that it is.
 *
 * @param restart when it is restarted, if at all
 * @param run when it is started to run to its end, if at all; it is a job then
 * @param timeZone whose times those are
 * @param jitter by how much each is put off at most, which is different for each
 * @param overlap what a job does whose time comes while it runs
 * @param missed what becomes of a time that nobody was there for
 * @param missedAfter how late it may be before it counts as missed
 * @param maxAge how old a process may become, if that matters
 * @param maxAgeSpread by how much less it is at most, which is different for each process
 */
public record Schedule(
        Optional<Timetable> restart,
        Optional<Timetable> run,
        String timeZone,
        Duration jitter,
        Overlap overlap,
        Missed missed,
        Duration missedAfter,
        Optional<Duration> maxAge,
        Duration maxAgeSpread) {

    private static final Duration YOUNGEST = Duration.ofSeconds(1);

    /** Nothing does. */
    public static final Schedule DEFAULT = new Schedule(
            Optional.empty(),
            Optional.empty(),
            "UTC",
            Duration.ZERO,
            Overlap.SKIP,
            Missed.SKIP,
            Duration.ofMinutes(1),
            Optional.empty(),
            Duration.ZERO);

    /** What a job does whose time comes while its last run is under way. */
    public enum Overlap {
        /** Leaves it at that run. */
        SKIP,
        /** Runs once more when that run is over, however often its time has come by then. */
        QUEUE,
        /** Ends that run and begins anew. */
        REPLACE
    }

    /** What becomes of times that nobody was there for. */
    public enum Missed {
        /** Nothing. */
        SKIP,
        /** One is made up for, however many there were. */
        ONCE
    }

    public Schedule {
        timeZone = timeZone.strip();
        ZoneId _ = Zones.of(timeZone);
        if (restart.isPresent() && run.isPresent()) {
            throw new IllegalArgumentException(
                    "Cannot have both 'restart' and 'run': a job is run to its end, all else is restarted; remove one");
        }
        if (run.isPresent() && maxAge.isPresent()) {
            throw new IllegalArgumentException(
                    "Cannot have both 'run' and 'max-age': a job is run to its end, however long it takes; remove one");
        }
        if (maxAge.filter(age -> age.compareTo(YOUNGEST) < 0).isPresent()) {
            throw new IllegalArgumentException(
                    "Cannot use max-age " + maxAge.get() + ": at least 1s is expected, and hours make more sense");
        }
        if (maxAge.filter(age -> maxAgeSpread.compareTo(age) >= 0).isPresent()) {
            throw new IllegalArgumentException("Cannot use max-age-spread " + maxAgeSpread
                    + ": it takes from max-age, so it has to be shorter than " + maxAge.get());
        }
        Optional<Duration> apart = restart.or(() -> run).flatMap(Timetable::interval);
        if (jitter.isPositive()
                && apart.filter(time -> jitter.compareTo(time) >= 0).isPresent()) {
            throw new IllegalArgumentException("Cannot use jitter " + jitter
                    + ": it has to be shorter than what lies between two times, which is " + apart.get());
        }
    }

    /** When it is restarted or run, if either. */
    public Optional<Timetable> timetable() {
        return restart.or(() -> run);
    }

    /** Whether it is started by its schedule and by nothing else, and ends by itself. */
    public boolean isJob() {
        return run.isPresent();
    }

    /** Whether nothing happens because of the time. */
    public boolean isEmpty() {
        return timetable().isEmpty() && maxAge.isEmpty();
    }

    /** The zone by its rules. */
    public ZoneId zone() {
        return Zones.of(timeZone);
    }
}
