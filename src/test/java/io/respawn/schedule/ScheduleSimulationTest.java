package io.respawn.schedule;

import static io.respawn.schedule.ScheduledHost.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Schedule;
import io.respawn.model.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random histories of clocks that change and are set, images that follow each other and sidecars that are away: each planned
 * time is ordered once, and of those that nobody was there for the last one is dealt with by rule. {@code -Dseed=} repeats one.
 */
final class ScheduleSimulationTest {

    private static final int HISTORIES = 60;
    private static final int STEPS = 40;

    /** Clocks are set back again and again: what was carried out is known for as long as orders are remembered. */
    private static final Duration MEMORY = Duration.ofDays(365);

    private static final List<String> TIMETABLES =
            List.of("every 1h", "30 2 * * *", "0 * * * *", "*/20 1-3 * * *", "15 */2 * * *", "0 12 * * 0");
    private static final List<String> ZONES = List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe");

    private final Set<String> ids = new LinkedHashSet<>();

    @Test
    void eachPlannedTimeIsOrderedOnceWhateverHappens() {
        long first = Long.getLong("seed", 1);
        int histories = Long.getLong("seed") == null ? HISTORIES : 1;
        int runs = 0;
        for (long seed = first; seed < first + histories; seed++) {
            ids.clear();
            runs += history(seed, new SplittableRandom(seed));
        }
        assertThat(runs).isPositive();
    }

    private int history(long seed, SplittableRandom random) {
        Timetable timetable = new Timetable(TIMETABLES.get(random.nextInt(TIMETABLES.size())));
        ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
        Schedule.Missed rule = random.nextBoolean() ? Schedule.Missed.SKIP : Schedule.Missed.ONCE;
        Times times = Times.of(timetable, zone);
        ZoneOffsetTransition change = zone.getRules().nextTransition(Instant.parse("2026-01-01T00:00:00Z"));
        ScheduledHost host = new ScheduledHost(
                change.getInstant().minus(Duration.ofHours(random.nextInt(72))),
                MEMORY,
                AgendaTest.job(new Schedule(
                        Optional.empty(),
                        Optional.of(timetable),
                        zone.getId(),
                        Duration.ZERO,
                        Schedule.Overlap.SKIP,
                        rule,
                        Duration.ofMinutes(1),
                        Optional.empty(),
                        Duration.ZERO)));
        host.pass(Duration.ZERO);
        for (int i = 0; i < STEPS; i++) {
            Instant before = host.now();
            String step = step(random, host);
            String what = "-Dseed=%d, step %d: %s from %s to %s by %s in %s, %s"
                    .formatted(seed, i, step, before, host.now(), timetable, zone, rule);
            check(what, step, times, before, host);
            if (host.isRunning(JOB)) {
                host.exit(JOB, 0);
            }
        }
        return host.runs().size();
    }

    private static String step(SplittableRandom random, ScheduledHost host) {
        return switch (random.nextInt(6)) {
            case 0 -> {
                host.passWithoutSidecar(Duration.ofMinutes(10 + random.nextInt(3_000)));
                host.pass(Duration.ZERO);
                yield "outage";
            }
            case 1 -> {
                host.respawn(Duration.ofMillis(random.nextInt(10_000)));
                host.pass(Duration.ofSeconds(1));
                yield "respawn";
            }
            case 2 -> {
                host.set(host.now().plus(Duration.ofMinutes(random.nextInt(2_000))));
                host.pass(Duration.ZERO);
                yield "forward";
            }
            case 3 -> {
                host.set(host.now().minus(Duration.ofMinutes(1 + random.nextInt(1_200))));
                host.pass(Duration.ZERO);
                yield "back";
            }
            default -> {
                host.pass(Duration.ofMinutes(random.nextInt(600)));
                yield "pass";
            }
        };
    }

    private void check(String what, String step, Times times, Instant before, ScheduledHost host) {
        List<String> fresh = new ArrayList<>(host.planned());
        fresh.removeAll(ids);
        List<String> expected =
                switch (step) {
                    case "pass", "respawn" -> all(times, before, host.now());
                    // One that a jump had passed over before, and that nobody ordered then, is one that was missed.
                    case "back" -> fresh.size() == 1 ? fresh : List.of();
                    default -> last(times, before, host.now());
                };
        assertThat(new TreeSet<>(fresh)).as(what).isEqualTo(new TreeSet<>(expected));
        assertThat(host.runs()).as(what).doesNotHaveDuplicates();
        ids.addAll(fresh);
    }

    private List<String> all(Times times, Instant from, Instant to) {
        List<String> all = new ArrayList<>();
        Optional<Instant> next = times.after(from);
        while (next.filter(time -> !time.isAfter(to)).isPresent()) {
            all.add("schedule/job/" + next.get());
            next = times.after(next.get());
        }
        all.removeAll(ids);
        return all;
    }

    /** The last of those that are not known, unless one behind it is: then all of them were before. */
    private List<String> last(Times times, Instant from, Instant to) {
        List<String> none = List.of();
        Instant seenTo = ids.stream()
                .map(id -> Instant.parse(id.substring("schedule/job/".length())))
                .filter(time -> !time.isAfter(to) && time.isAfter(from))
                .max(Instant::compareTo)
                .orElse(from);
        return times.last(seenTo, to)
                .map(time -> List.of("schedule/job/" + time))
                .orElse(none);
    }
}
