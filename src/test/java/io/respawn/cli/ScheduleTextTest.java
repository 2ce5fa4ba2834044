package io.respawn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the command line says about schedules. */
final class ScheduleTextTest {

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void tellsWhatWasLastAndWhatIsNext() throws IOException {
        // given
        JsonNode service = json("""
                { "name": "backup", "schedule": {
                    "next": "2026-03-01T18:00:00Z", "tooOld": "2026-03-01T12:00:30Z",
                    "last": { "id": "schedule/backup/2026-03-01T06:00:00Z", "action": "start",
                              "planned": "2026-03-01T06:00:00Z", "at": "2026-03-01T06:00:00Z",
                              "outcome": "coalesced", "detail": "skipped: the run before it is not over" } } }""");
        JsonNode answer = json("{ \"at\": \"2026-03-01T12:00:00Z\" }");

        // then
        assertThat(ScheduleText.lines(answer, service))
                .containsExactly(
                        "backup: start planned for 2026-03-01T06:00:00Z, 6h ago: coalesced,"
                                + " skipped: the run before it is not over",
                        "backup: next at 2026-03-01T18:00:00Z, in 6h",
                        "backup: too old at 2026-03-01T12:00:30Z, in 30s");
        assertThat(ScheduleText.parts(service.path("schedule"), Moments.at(answer.path("at"))))
                .containsExactly("scheduled in 6h", "too old in 30s");
    }

    @Test
    void saysNothingWithoutASchedule() throws IOException {
        JsonNode answer = json("{ \"at\": \"2026-03-01T12:00:00Z\" }");
        assertThat(ScheduleText.lines(answer, json("{ \"name\": \"web\" }"))).isEmpty();
    }
}
