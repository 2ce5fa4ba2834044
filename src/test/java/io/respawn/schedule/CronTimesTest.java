package io.respawn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Cron;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The times of a schedule are those of the clocks in its zone, also where these are put forward or back. */
final class CronTimesTest {

    private static final String BERLIN = "Europe/Berlin";

    /** The first times after a moment. */
    private static List<String> times(String cron, String zone, String after, int count) {
        Times times = new CronTimes(new Cron(cron), ZoneId.of(zone));
        List<String> found = new ArrayList<>();
        Optional<Instant> next = times.after(Instant.parse(after));
        while (next.isPresent() && found.size() < count) {
            found.add(next.get().toString());
            next = times.after(next.get());
        }
        return found;
    }

    @Test
    void sundaysAtThreeAreAtOneInSummerAndAtTwoInWinter() {
        assertThat(times("0 3 * * 0", BERLIN, "2026-10-17T00:00:00Z", 2))
                .containsExactly("2026-10-18T01:00:00Z", "2026-10-25T02:00:00Z");
    }

    @Test
    void nextIsAfterTheMomentAndNotAtIt() {
        assertThat(times("*/15 8-9 * * 1-5", "UTC", "2026-12-01T08:15:00Z", 1)).containsExactly("2026-12-01T08:30:00Z");
        assertThat(times("*/15 8-9 * * 1-5", "UTC", "2026-12-01T08:14:59.999Z", 1))
                .containsExactly("2026-12-01T08:15:00Z");
        assertThat(times("*/15 8-9 * * 1-5", "UTC", "2026-12-01T08:15:00.001Z", 1))
                .containsExactly("2026-12-01T08:30:00Z");
        assertThat(times("*/15 8-9 * * 1-5", "UTC", "2026-12-04T09:45:00Z", 1)).containsExactly("2026-12-07T08:00:00Z");
    }

    @Test
    void thereMayBeNone() {
        assertThat(times("0 0 30 2 *", "UTC", "2026-12-01T00:00:00Z", 1)).isEmpty();
    }

    @Test
    void secondsStandInFront() {
        assertThat(times("*/20 59 23 * * *", "UTC", "2026-12-01T23:59:20Z", 3))
                .containsExactly("2026-12-01T23:59:40Z", "2026-12-02T23:59:00Z", "2026-12-02T23:59:20Z");
    }

    @Test
    void whatFallsIntoTheGapComesRightBehindItOnce() {
        // The clocks go from 2:00 to 3:00, which is at 1:00Z.
        assertThat(times("30 2 * * *", BERLIN, "2026-03-27T12:00:00Z", 3))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        assertThat(times("*/10 2,3 * * *", BERLIN, "2026-03-29T00:59:00Z", 3))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:10:00Z", "2026-03-29T01:20:00Z");
    }

    @Test
    void whatFallsIntoTheHourThatComesTwiceIsItsFirstTime() {
        // The clocks go from 3:00 back to 2:00, which is at 1:00Z.
        assertThat(times("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(times("*/30 2,3 * * *", BERLIN, "2026-10-25T00:00:00Z", 3))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z", "2026-10-25T02:30:00Z");
    }

    @Test
    void whoRunsEveryHourGoesByWhatHasPassed() {
        assertThat(times("*/30 * * * *", BERLIN, "2026-10-24T23:59:00Z", 6))
                .containsExactly(
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T02:30:00Z");
        assertThat(times("0 * * * *", BERLIN, "2026-03-28T23:30:00Z", 3))
                .containsExactly("2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
    }

    @Test
    void whereTheClocksGoByHalfAnHourOrPassADayOverItIsTheSame() {
        // 2:00 becomes 2:30 at 15:30Z of the day before.
        assertThat(times("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 1))
                .containsExactly("2026-10-03T15:30:00Z");
        // The 30th of December did not come there.
        assertThat(times("0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", 2))
                .containsExactly("2011-12-30T10:00:00Z", "2012-12-29T22:00:00Z");
    }

    @Test
    void theLastOneIsFoundOverYears() {
        Times times = new CronTimes(new Cron("0 3 29 2 *"), ZoneId.of(BERLIN));
        assertThat(times.last(Instant.parse("2020-03-01T00:00:00Z"), Instant.parse("2027-12-31T00:00:00Z")))
                .contains(Instant.parse("2024-02-29T02:00:00Z"));
        assertThat(times.last(Instant.parse("2024-02-29T02:00:00Z"), Instant.parse("2027-12-31T00:00:00Z")))
                .isEmpty();
    }
}
