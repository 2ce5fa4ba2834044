package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Writes for people how it stands with the schedule of a service. */
final class ScheduleText {

    private ScheduleText() {}

    /** What belongs in the line of an instance. */
    static List<String> parts(JsonNode schedule, Moments moments) {
        List<String> parts = new ArrayList<>();
        moments.until(schedule.path("next")).ifPresent(soon -> parts.add("scheduled " + soon));
        moments.until(schedule.path("tooOld")).ifPresent(soon -> parts.add("too old " + soon));
        return parts;
    }

    /** What was planned last, and what is next, a line each; none without a schedule. */
    static List<String> lines(JsonNode answer, JsonNode service) {
        Moments moments = Moments.at(answer.path("at"));
        String name = service.path("name").asText();
        JsonNode schedule = service.path("schedule");
        List<String> lines = new ArrayList<>();
        JsonNode last = schedule.path("last");
        if (last.isObject()) {
            String detail = last.path("detail").asText("");
            lines.add(name + ": " + last.path("action").asText() + " planned for "
                    + last.path("planned").asText() + ", "
                    + moments.ago(last.path("at")).orElse("once") + ": "
                    + last.path("outcome").asText() + (detail.isBlank() ? "" : ", " + detail));
        }
        moments.until(schedule.path("next"))
                .ifPresent(soon ->
                        lines.add(name + ": next at " + schedule.path("next").asText() + ", " + soon));
        moments.until(schedule.path("tooOld"))
                .ifPresent(soon -> lines.add(
                        name + ": too old at " + schedule.path("tooOld").asText() + ", " + soon));
        return lines;
    }
}
