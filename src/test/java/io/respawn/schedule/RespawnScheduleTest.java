package io.respawn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Cron;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** The times of a schedule are those of its zone. */
final class RespawnScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void sundaysAtThreeAreAtOneInSummerAndAtTwoInWinter() {
        RespawnSchedule schedule = new RespawnSchedule(new Cron("0 3 * * 0"), BERLIN);
        assertThat(schedule.after(Instant.parse("2026-10-18T01:00:00Z")))
                .contains(Instant.parse("2026-10-25T02:00:00Z"));
        assertThat(schedule.after(Instant.parse("2026-10-17T00:00:00Z")))
                .contains(Instant.parse("2026-10-18T01:00:00Z"));
    }

    @Test
    void nextIsAfterTheMomentAndNotAtIt() {
        RespawnSchedule schedule = new RespawnSchedule(new Cron("*/15 8-9 * * 1-5"), ZoneId.of("UTC"));
        assertThat(schedule.after(Instant.parse("2026-12-01T08:15:00Z")))
                .contains(Instant.parse("2026-12-01T08:30:00Z"));
        assertThat(schedule.after(Instant.parse("2026-12-04T09:45:00Z")))
                .contains(Instant.parse("2026-12-07T08:00:00Z"));
    }

    @Test
    void thereMayBeNone() {
        assertThat(new RespawnSchedule(new Cron("0 0 30 2 *"), ZoneId.of("UTC"))
                        .after(Instant.parse("2026-12-01T00:00:00Z")))
                .isEmpty();
    }
}
