package io.respawn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What can be said of a service and the time, and what does not go together. */
final class ScheduleTest {

    private static final Optional<Timetable> NIGHTLY = Optional.of(new Timetable("0 3 * * *"));
    private static final Optional<Timetable> OFTEN = Optional.of(new Timetable("every 10m"));

    private static Schedule schedule(
            Optional<Timetable> restart, Optional<Timetable> run, Duration jitter, Duration maxAge, Duration spread) {
        Schedule base = Schedule.DEFAULT;
        return new Schedule(
                restart,
                run,
                "Europe/Berlin",
                jitter,
                base.overlap(),
                base.missed(),
                base.missedAfter(),
                maxAge.isZero() ? Optional.empty() : Optional.of(maxAge),
                spread);
    }

    @Test
    void timetablesAreFieldsOrIntervals() {
        assertThat(new Timetable(" 0  3 * * 0 ").cron()).contains(new Cron("0 3 * * 0"));
        assertThat(new Timetable("*/10 0 3 * * 0").cron().orElseThrow().hasSeconds())
                .isTrue();
        assertThat(new Timetable("every 1h30m").interval()).contains(Duration.ofMinutes(90));
        assertThat(new Timetable("every 1h30m").cron()).isEmpty();
    }

    @Test
    void timetablesThatAreNeitherAreRefusedWithAnExample() {
        assertThatThrownBy(() -> new Timetable("daily"))
                .hasMessageStartingWith("Cannot use 'daily' as a timetable: write five fields")
                .hasMessageContaining("'every 6h'");
        assertThatThrownBy(() -> new Timetable("every"))
                .hasMessageStartingWith("Cannot use ")
                .hasMessageContaining("duration");
        assertThatThrownBy(() -> new Timetable("every 10ms")).hasMessageContaining("every 1s to every 365d");
        assertThatThrownBy(() -> new Timetable("61 0 3 * * *")).hasMessageContaining("'61' for the second");
        assertThatThrownBy(() -> new Timetable("0 3 * * mon")).hasMessageContaining("'mon' for the day of the week");
    }

    @Test
    void jobsAreRunAndTheOthersRestarted() {
        assertThat(Schedule.DEFAULT.isEmpty()).isTrue();
        assertThat(schedule(NIGHTLY, Optional.empty(), Duration.ZERO, Duration.ofHours(24), Duration.ofHours(1)))
                .matches(schedule -> !schedule.isJob() && !schedule.isEmpty());
        assertThat(schedule(Optional.empty(), NIGHTLY, Duration.ofHours(1), Duration.ZERO, Duration.ZERO))
                .matches(Schedule::isJob)
                .matches(schedule -> schedule.timetable().equals(NIGHTLY));
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThatThrownBy(() -> schedule(NIGHTLY, OFTEN, Duration.ZERO, Duration.ZERO, Duration.ZERO))
                .hasMessageStartingWith("Cannot have both 'restart' and 'run'");
        assertThatThrownBy(() -> schedule(Optional.empty(), NIGHTLY, Duration.ZERO, Duration.ofHours(1), Duration.ZERO))
                .hasMessageStartingWith("Cannot have both 'run' and 'max-age'");
        assertThatThrownBy(() -> schedule(
                        Optional.empty(), Optional.empty(), Duration.ZERO, Duration.ofMillis(5), Duration.ZERO))
                .hasMessageStartingWith("Cannot use max-age PT0.005S");
        assertThatThrownBy(() -> schedule(
                        Optional.empty(), Optional.empty(), Duration.ZERO, Duration.ofHours(1), Duration.ofHours(1)))
                .hasMessageStartingWith("Cannot use max-age-spread PT1H");
        assertThatThrownBy(
                        () -> schedule(OFTEN, Optional.empty(), Duration.ofMinutes(10), Duration.ZERO, Duration.ZERO))
                .hasMessageStartingWith("Cannot use jitter PT10M");
    }

    @Test
    void theSidecarItselfIsNotLoadedAnewBySeconds() {
        assertThatThrownBy(() -> new RespawnTriggers(
                        Optional.of(new Cron("0 0 3 * * *")),
                        "UTC",
                        java.util.OptionalInt.empty(),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1)))
                .hasMessageContaining("seconds are for services");
    }
}
