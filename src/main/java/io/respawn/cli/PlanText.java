package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Writes plans, and what would change of them, for people. */
final class PlanText {

    private PlanText() {}

    static List<String> lines(JsonNode plan) {
        List<String> lines = new ArrayList<>();
        lines.add("Plan of " + plan.path("id").asText("?") + ": generation "
                + plan.path("generation").asText("?"));
        lines.add("");
        List<List<String>> rows = new ArrayList<>(List.of(List.of("SERVICE", "INSTANCES", "POLICY", "COMMAND")));
        for (JsonNode service : plan.path("services")) {
            rows.add(List.of(
                    service.path("name").asText("?"),
                    service.path("instances").asText("1"),
                    service.path("restart").path("policy").asText("-"),
                    words(service.path("command"), " ")));
        }
        lines.addAll(rows.size() == 1 ? List.of("No services are configured.") : Columns.aligned(rows));
        lines.add("");
        lines.addAll(changes(plan.path("drift")));
        return lines;
    }

    /** What the configuration says otherwise. */
    static List<String> changes(JsonNode drift) {
        List<String> lines = new ArrayList<>();
        JsonNode mistakes = drift.path("mistakes");
        if (!mistakes.isEmpty()) {
            lines.add("The configuration cannot be used as it is:");
            mistakes.forEach(mistake -> lines.add("  " + mistake.asText()));
            return lines;
        }
        if (!drift.path("differs").asBoolean(false)) {
            lines.add("The configuration says the same.");
            return lines;
        }
        lines.add("The configuration says otherwise; 'respawn apply' would");
        for (JsonNode change : drift.path("services")) {
            String fields = words(change.path("fields"), ", ");
            lines.add("  " + change.path("action").asText("?") + " "
                    + change.path("service").asText("?") + (fields.isEmpty() ? "" : " (" + fields + ")"));
        }
        if (!drift.path("sidecar").isEmpty()) {
            lines.add("  update " + words(drift.path("sidecar"), ", ") + " of the sidecar");
        }
        lines.add("  keep " + drift.path("kept").asText("0"));
        if (!drift.path("later").isEmpty()) {
            lines.add("Only 'respawn respawn' takes up " + words(drift.path("later"), ", ") + ".");
        }
        return lines;
    }

    private static String words(JsonNode list, String between) {
        List<String> words = new ArrayList<>();
        list.forEach(each -> words.add(each.asText()));
        return String.join(between, words);
    }
}
