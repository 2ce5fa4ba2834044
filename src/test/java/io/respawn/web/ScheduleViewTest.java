package io.respawn.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.respawn.core.Intent;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.PlannedRun;
import io.respawn.edges.Samples;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.Schedule;
import io.respawn.model.Timetable;
import io.respawn.supervise.Schedules.Outlook;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the API says about schedules. */
final class ScheduleViewTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void tellsWhatWasPlannedLastAndWhatIsNext() throws IOException {
        // given
        Command order = Command.of(
                PlannedRun.id(Samples.BATCH, Samples.NOW), PlannedRun.SOURCE, Action.START, Optional.of(Samples.BATCH));
        Intent intent = Samples.intent(order, 1, Samples.ended(Outcome.CANCELLED, "skipped"));

        // when
        ScheduleView view = ScheduleView.of(
                new Outlook(Optional.of(intent), Optional.of(Samples.NOW.plusSeconds(60)), Optional.empty()));

        // then
        assertThat(JSON.writeValueAsString(view)).isEqualTo("""
                {"next":"2026-03-01T12:01:00Z","last":{"id":"schedule/batch/2026-03-01T12:00:00Z",\
                "action":"start","planned":"2026-03-01T12:00:00Z","at":"2026-03-01T12:00:00Z",\
                "outcome":"cancelled","detail":"skipped"}}""");
        assertThat(ScheduleView.of(null)).isNull();
    }

    @Test
    void showsWhatIsDeclared() throws IOException {
        Schedule base = Schedule.DEFAULT;
        Schedule nightly = new Schedule(
                Optional.of(new Timetable("0 3 * * *")),
                Optional.empty(),
                "Europe/Berlin",
                Duration.ofMinutes(10),
                base.overlap(),
                base.missed(),
                base.missedAfter(),
                Optional.of(Duration.ofDays(1)),
                Duration.ofHours(1));
        assertThat(JSON.writeValueAsString(TimetableView.of(nightly))).isEqualTo("""
                {"restart":"0 3 * * *","timeZone":"Europe/Berlin","jitter":"PT10M","missed":"skip",\
                "missedAfter":"PT1M","maxAge":"PT24H","maxAgeSpread":"PT1H"}""");
        assertThat(TimetableView.of(base)).isNull();
    }
}
