package io.respawn.config;

import io.respawn.model.RestartPolicy;
import io.respawn.model.Role;
import io.respawn.model.Schedule;
import io.respawn.model.ServiceName;
import io.respawn.model.Timetable;
import io.respawn.model.Zones;
import java.time.Duration;
import java.util.Optional;

/** Reads what happens to a service because of the time, and sees to it that a job can come to an end. */
final class ScheduleReader {

    /** The sidecar's own respawns have ids that begin with this name. */
    private static final ServiceName OWN = new ServiceName("respawn");

    private final String path;
    private final ScheduleConfig raw;
    private final Mistakes mistakes;

    private ScheduleReader(String path, ScheduleConfig raw, Mistakes mistakes) {
        this.path = path;
        this.raw = raw;
        this.mistakes = mistakes;
    }

    /** The schedule at the path. */
    static Schedule read(String path, ScheduleConfig raw, Mistakes mistakes) {
        return new ScheduleReader(path, raw, mistakes).read();
    }

    private Schedule read() {
        Fields fields = new Fields(path, mistakes);
        Schedule base = Schedule.DEFAULT;
        Optional<Timetable> restart = raw.restart().flatMap(text -> fields.read("restart", text, Timetable::new));
        Optional<Timetable> run = raw.run().flatMap(text -> fields.read("run", text, Timetable::new));
        String zone = fields.read(
                        "time-zone", raw.timeZone(), text -> Zones.of(text).getId())
                .orElse(base.timeZone());
        Duration jitter = fields.read("jitter", raw.jitter(), Values::duration).orElse(base.jitter());
        Schedule.Overlap overlap = fields.read(
                        "overlap", raw.overlap(), text -> Values.word(text, Schedule.Overlap.class))
                .orElse(base.overlap());
        Schedule.Missed missed = fields.read("missed", raw.missed(), text -> Values.word(text, Schedule.Missed.class))
                .orElse(base.missed());
        Duration missedAfter =
                fields.read("missed-after", raw.missedAfter(), Values::duration).orElse(base.missedAfter());
        Optional<Duration> maxAge = raw.maxAge().flatMap(text -> fields.read("max-age", text, Values::duration));
        Duration spread = fields.read("max-age-spread", raw.maxAgeSpread(), Values::duration)
                .orElse(base.maxAgeSpread());
        return mistakes.attempt(
                        path,
                        () -> new Schedule(restart, run, zone, jitter, overlap, missed, missedAfter, maxAge, spread))
                .orElse(base);
    }

    /** What a schedule does not go together with. */
    static void check(
            String path, ServiceName name, Schedule schedule, RestartPolicy restart, Role role, Mistakes mistakes) {
        if (!schedule.isEmpty() && name.equals(OWN)) {
            mistakes.add(
                    path,
                    "Cannot plan for a service of the name '" + name
                            + "': the sidecar's own respawns are planned under it; rename the service");
        }
        if (schedule.isJob() && restart.mode() == RestartPolicy.Mode.ALWAYS) {
            mistakes.add(
                    Paths.join(path, "run"),
                    "Cannot run '" + name + "' to its end: its restart policy is always; set restart.policy to"
                            + " on-failure or never");
        }
        if (schedule.isJob() && role.essential()) {
            mistakes.add(
                    Paths.join(path, "run"),
                    "Cannot make the sidecar's readiness depend on '" + name
                            + "', which is not ready between its runs: remove 'essential'");
        }
    }
}
