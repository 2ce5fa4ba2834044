package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Writes the status for people: one line on the sidecar, then one line an instance. Times are the sidecar's. */
final class StatusText {

    private static final List<String> HEAD =
            List.of("SERVICE", "STATE", "READY", "PID", "INCARNATION", "RESTARTS", "SINCE", "WHY");

    private static final int LAST_RESPAWNS = 3;

    private final Moments moments;

    private StatusText(Moments moments) {
        this.moments = moments;
    }

    static List<String> lines(JsonNode answer, List<JsonNode> services) {
        StatusText text = new StatusText(Moments.at(answer.path("at")));
        List<String> lines = new ArrayList<>(head(answer.path("sidecar")));
        text.addRespawns(answer.at("/sidecar/respawns"), lines);
        lines.add("");
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        services.forEach(service -> text.addRows(service, rows));
        if (rows.size() == 1) {
            lines.add("No services are configured.");
        } else {
            lines.addAll(Columns.aligned(rows));
        }
        return lines;
    }

    private static List<String> head(JsonNode sidecar) {
        List<String> lines = new ArrayList<>();
        String kafka = sidecar.path("kafka").asText("?");
        String detail = sidecar.path("kafkaDetail").asText("");
        // What it says when all is well is short enough for the first line.
        boolean fine = kafka.equals("live") && !detail.isBlank();
        lines.add("Sidecar " + sidecar.path("id").asText("?") + ": "
                + sidecar.path("phase").asText("?") + ", Kafka " + kafka + (fine ? " (" + detail + ")" : "")
                + ", durability " + sidecar.path("durability").asText("?"));
        if (!fine && !detail.equals(kafka)) {
            addDetail(lines, "Kafka", detail);
        }
        addDetail(lines, "Durability", sidecar.path("durabilityDetail").asText(""));
        addDetail(lines, "Configuration", sidecar.path("drift").asText(""));
        long waiting = sidecar.path("unacknowledged").asLong(0);
        if (waiting > 0) {
            lines.add("  " + waiting + (waiting == 1 ? " batch is" : " batches are") + " not on Kafka yet");
        }
        return lines;
    }

    /** The last few; all that are remembered are in the JSON. */
    private void addRespawns(JsonNode respawns, List<String> lines) {
        for (int i = 0; i < Math.min(LAST_RESPAWNS, respawns.size()); i++) {
            JsonNode each = respawns.get(i);
            String by = each.path("requestedBy").asText("");
            String reason = each.path("reason").asText("");
            lines.add("  Respawn " + moments.ago(each.path("at")).orElse("once")
                    + (by.isEmpty() ? "" : " by " + by)
                    + (reason.isEmpty() ? "" : " (" + reason + ")")
                    + ": " + each.path("outcome").asText("?") + ", "
                    + each.path("detail").asText(""));
        }
    }

    private static void addDetail(List<String> lines, String what, String detail) {
        if (!detail.isBlank()) {
            lines.add("  " + what + ": " + detail);
        }
    }

    private void addRows(JsonNode service, List<List<String>> rows) {
        JsonNode instances = service.path("instances");
        for (JsonNode instance : instances) {
            String state = instance.path("state").asText("?");
            rows.add(List.of(
                    name(service, instance),
                    state,
                    state.equals("ready") ? "yes" : "no",
                    instance.path("pid").asText("-"),
                    instance.path("incarnation").asText("-"),
                    instance.path("restarts").asText("-"),
                    moments.ago(instance.path("since")).orElse("-"),
                    why(service, instance)));
        }
        if (instances.isEmpty()) {
            rows.add(List.of(
                    service.path("name").asText(),
                    service.path("state").asText("-"),
                    "no",
                    "-",
                    "-",
                    "-",
                    "-",
                    why(service, instances)));
        }
    }

    private String why(JsonNode service, JsonNode instance) {
        List<String> parts = new ArrayList<>();
        String status = instance.path("status").asText("");
        if (!status.isBlank()) {
            parts.add("'" + status + "'");
        }
        if (!service.path("declared").asBoolean(true)) {
            parts.add("no longer configured");
        }
        if (service.path("handSet").asBoolean(false)) {
            String by = service.path("orderedBy").asText("");
            boolean down = service.path("desired").asText("").equals("down");
            parts.add((down ? "stopped by " : "started by ") + (by.isEmpty() ? "hand" : by));
        }
        if (service.path("scaled").asBoolean(false)) {
            parts.add("scaled to " + service.path("wanted").asInt());
        }
        long lost = service.at("/forwarding/lost").asLong(0);
        if (lost > 0) {
            parts.add(lines(lost) + " of its output lost on the way to Kafka");
        }
        moments.until(instance.path("nextStart")).ifPresent(soon -> parts.add("starts again " + soon));
        parts.addAll(ScheduleText.parts(service.path("schedule"), moments));
        String reason = instance.path("reason").asText("");
        if (!reason.isBlank()) {
            parts.add(reason);
        }
        JsonNode exit = instance.path("lastExit");
        if (exit.isObject()) {
            parts.add("last exit: " + exit.path("status").asText("unknown")
                    + moments.ago(exit.path("at")).map(span -> ", " + span).orElse(""));
        }
        JsonNode hook = instance.path("hookFailure");
        if (hook.isObject()) {
            parts.add("last failed hook: " + hook.path("hook").asText() + " of incarnation "
                    + hook.path("incarnation").asText() + ", "
                    + hook.path("detail").asText()
                    + moments.ago(hook.path("at")).map(span -> ", " + span).orElse(""));
        }
        return String.join("; ", parts);
    }

    /** What the probes of one service were last answered, a line each. */
    static List<String> probes(JsonNode answer, JsonNode service) {
        Moments moments = Moments.at(answer.path("at"));
        List<String> lines = new ArrayList<>();
        for (JsonNode instance : service.path("instances")) {
            for (JsonNode probe : instance.path("probes")) {
                lines.add(name(service, instance) + ": " + probe.path("probe").asText() + " probe, "
                        + moments.ago(probe.path("at")).orElse("once") + ": "
                        + probe.path("answer").asText() + ", "
                        + probe.path("detail").asText());
            }
        }
        return lines;
    }

    /** What became of the lines of one service, if they are forwarded. */
    static List<String> forwarding(JsonNode service) {
        JsonNode counts = service.path("forwarding");
        if (!counts.isObject()) {
            return List.of();
        }
        return List.of(service.path("name").asText() + ": "
                + lines(counts.path("forwarded").asLong())
                + " of its output forwarded to Kafka, " + counts.path("lost").asLong() + " lost, "
                + counts.path("waiting").asLong() + " waiting");
    }

    private static String lines(long count) {
        return count + (count == 1 ? " line" : " lines");
    }

    static String name(JsonNode service, JsonNode instance) {
        String name = service.path("name").asText();
        return service.path("instances").size() == 1
                ? name
                : name + "/" + instance.path("index").asInt();
    }
}
