package io.respawn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Cron;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random timetables in zones whose clocks change in odd ways, held against one who looks at the clock of each minute.
 * {@code -Dseed=} repeats a case.
 */
final class TimesPropertyTest {

    private static final int CASES = 150;
    private static final Duration AROUND = Duration.ofHours(50);

    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "America/Sao_Paulo",
            "Asia/Kathmandu",
            "Africa/Casablanca",
            "Pacific/Apia");

    @Test
    void eachTimeOfTheClockComesOnceAndNoOther() {
        long first = Long.getLong("seed", 1);
        int cases = Long.getLong("seed") == null ? CASES : 1;
        for (long seed = first; seed < first + cases; seed++) {
            // given
            SplittableRandom random = new SplittableRandom(seed);
            ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            Instant middle = middle(random, zone);
            Instant from = middle.minus(AROUND);
            Instant to = middle.plus(AROUND);
            Fields fields = Fields.random(random);
            Times times = new CronTimes(new Cron(fields.text()), zone);

            // when
            List<Instant> found = new ArrayList<>();
            Optional<Instant> next = times.after(from);
            while (next.filter(time -> !time.isAfter(to)).isPresent()) {
                found.add(next.get());
                next = times.after(next.get());
            }

            // then
            List<Instant> expected =
                    fields.everyHour() ? byWhatHasPassed(fields, zone, from, to) : byTheClock(fields, zone, from, to);
            assertThat(found)
                    .as("-Dseed=%d: %s in %s around %s", seed, fields.text(), zone, middle)
                    .isEqualTo(expected);
            assertThat(times.last(from, to))
                    .as("-Dseed=%d: %s in %s", seed, fields.text(), zone)
                    .isEqualTo(expected.isEmpty() ? Optional.empty() : Optional.of(expected.getLast()));
        }
    }

    /** A change of the clocks, mostly. */
    private static Instant middle(SplittableRandom random, ZoneId zone) {
        Instant any =
                Instant.parse("2010-01-01T00:00:00Z").plus(Duration.ofMinutes(random.nextInt(20 * 365 * 24 * 60)));
        ZoneOffsetTransition change = zone.getRules().nextTransition(any);
        return change == null || random.nextInt(5) == 0 ? any : change.getInstant();
    }

    /** Whatever a clock on the wall shows that is looked at each minute; the hands pass each time once. */
    private static List<Instant> byTheClock(Fields fields, ZoneId zone, Instant from, Instant to) {
        TreeSet<Instant> expected = new TreeSet<>();
        LocalDateTime local =
                LocalDateTime.ofInstant(from.minus(Duration.ofDays(2)), zone).truncatedTo(ChronoUnit.MINUTES);
        LocalDateTime end = LocalDateTime.ofInstant(to.plus(Duration.ofDays(2)), zone);
        for (; local.isBefore(end); local = local.plusMinutes(1)) {
            if (fields.match(local)) {
                List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
                expected.add(
                        offsets.isEmpty()
                                ? zone.getRules().getTransition(local).getInstant()
                                : local.toInstant(offsets.getFirst()));
            }
        }
        return expected.stream()
                .filter(time -> time.isAfter(from) && !time.isAfter(to))
                .toList();
    }

    private static List<Instant> byWhatHasPassed(Fields fields, ZoneId zone, Instant from, Instant to) {
        List<Instant> expected = new ArrayList<>();
        Instant time = from.truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
        for (; !time.isAfter(to); time = time.plus(Duration.ofMinutes(1))) {
            if (fields.match(LocalDateTime.ofInstant(time, zone))) {
                expected.add(time);
            }
        }
        return expected;
    }

    /** Five fields: all, one number, a step, or a few numbers. */
    private record Fields(List<String> texts) {

        private static final int[] LEAST = {0, 0, 1, 1, 0};
        private static final int[] MOST = {59, 23, 31, 12, 6};

        static Fields random(SplittableRandom random) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < LEAST.length; i++) {
                texts.add(random(random, i));
            }
            return new Fields(texts);
        }

        private static String random(SplittableRandom random, int field) {
            int kind = random.nextInt(field > 1 ? 8 : 4);
            int range = MOST[field] - LEAST[field] + 1;
            String one = String.valueOf(LEAST[field] + random.nextInt(range));
            return switch (kind) {
                case 0 -> one;
                case 1 -> "*/" + (2 + random.nextInt(range / 2 - 1));
                case 2 -> one + "," + (LEAST[field] + random.nextInt(range));
                default -> field < 2 && random.nextInt(3) > 0 ? one : "*";
            };
        }

        String text() {
            return String.join(" ", texts);
        }

        boolean everyHour() {
            return texts.get(1).equals("*");
        }

        boolean match(LocalDateTime local) {
            boolean monthDay = match(2, local.getDayOfMonth());
            boolean weekDay = match(4, local.getDayOfWeek().getValue() % 7);
            // Of two that are restricted either will do, as crontab has it.
            boolean either = !texts.get(2).equals("*") && !texts.get(4).equals("*");
            return match(0, local.getMinute())
                    && match(1, local.getHour())
                    && match(3, local.getMonthValue())
                    && (either ? monthDay || weekDay : monthDay && weekDay);
        }

        private boolean match(int field, int value) {
            for (String part : texts.get(field).split(",", -1)) {
                boolean match = part.equals("*")
                        || (part.startsWith("*/") && (value - LEAST[field]) % Integer.parseInt(part.substring(2)) == 0)
                        || part.equals(String.valueOf(value));
                if (match) {
                    return true;
                }
            }
            return false;
        }
    }
}
