package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes orders for people: a line each in a list, or all that is known about one. */
final class IntentText {

    private static final List<String> HEAD = List.of("ORDER", "WHAT", "STATE", "SINCE", "BY", "WHY");

    /** The terms of an order, by the field that says them. */
    private static final Map<String, String> TERMS = Map.of(
            "priority", "priority ",
            "notBefore", "not before ",
            "expiresAt", "expires at ",
            "ifIncarnation", "only at incarnation ",
            "wait", "until ",
            "gracePeriod", "grace period ");

    private IntentText() {}

    static List<String> table(JsonNode answer) {
        Moments moments = Moments.at(answer.path("at"));
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        for (JsonNode intent : answer.path("intents")) {
            rows.add(List.of(
                    intent.path("id").asText(),
                    what(intent),
                    state(intent),
                    moments.ago(since(intent)).orElse("-"),
                    by(intent),
                    String.join("; ", why(intent, moments))));
        }
        List<String> lines = new ArrayList<>(Columns.aligned(rows));
        int total = answer.path("total").asInt();
        if (total > rows.size() - 1) {
            lines.add("These are the newest " + (rows.size() - 1) + " of " + total + "; --limit shows more.");
        }
        return lines;
    }

    /** One order; the first line is what the verb that gave it says too. */
    static List<String> details(JsonNode intent) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(intent));
        String position = intent.path("position").asText("");
        lines.add("  ordered by " + by(intent) + " at "
                + intent.path("acceptedAt").asText() + ", "
                + (position.isEmpty() ? "by API or command line" : "by Kafka, " + position));
        add(lines, "reason", intent.path("reason").asText(""));
        add(lines, "terms", String.join(", ", terms(intent)));
        add(lines, "waits", String.join("; ", waits(intent, Moments.at(intent.path("none")))));
        add(lines, "began", intent.path("startedAt").asText(""));
        String by = intent.path("endedBy").asText("");
        String ended = intent.path("endedAt").asText("");
        add(lines, "ended", ended + (by.isEmpty() ? "" : ", by order " + by));
        for (JsonNode target : intent.path("targets")) {
            add(
                    lines,
                    intent.path("service").asText() + "/" + target.path("index").asText(),
                    outcomeOf(target) + incarnations(target));
        }
        return lines;
    }

    /** What was ordered, and what became of it. */
    static String headline(JsonNode intent) {
        String detail = intent.path("detail").asText("");
        return subject(intent) + ": " + state(intent) + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    static String subject(JsonNode intent) {
        String service = intent.path("service").asText("");
        return intent.path("action").asText() + (service.isEmpty() ? "" : " of " + service) + ", order "
                + intent.path("id").asText();
    }

    private static String what(JsonNode intent) {
        StringBuilder what = new StringBuilder(intent.path("action").asText());
        for (String field : List.of("signal", "service", "intent")) {
            if (intent.hasNonNull(field)) {
                what.append(' ').append(intent.path(field).asText());
            }
        }
        if (intent.hasNonNull("instance")) {
            what.append('/').append(intent.path("instance").asText());
        }
        if (intent.hasNonNull("instances")) {
            what.append(" to ").append(intent.path("instances").asText());
        }
        return what.toString();
    }

    private static String state(JsonNode intent) {
        return intent.path("outcome").asText(intent.path("phase").asText("?"));
    }

    private static JsonNode since(JsonNode intent) {
        for (String field : List.of("endedAt", "startedAt")) {
            if (intent.hasNonNull(field)) {
                return intent.path(field);
            }
        }
        return intent.path("acceptedAt");
    }

    private static String by(JsonNode intent) {
        String by = intent.path("requestedBy").asText("");
        String source = intent.path("source").asText("");
        return !by.isEmpty() ? by : source.isEmpty() ? "somebody" : source;
    }

    private static List<String> why(JsonNode intent, Moments moments) {
        List<String> parts = new ArrayList<>();
        String reason = intent.path("reason").asText("");
        if (!reason.isEmpty()) {
            parts.add("'" + reason + "'");
        }
        if (intent.path("force").asBoolean()) {
            parts.add("forced");
        }
        parts.addAll(waits(intent, moments));
        String detail = intent.path("detail").asText("");
        if (!detail.isEmpty()) {
            parts.add(detail);
        } else if (intent.path("targets").size() == 1) {
            String change = incarnations(intent.at("/targets/0"));
            if (!change.isEmpty()) {
                parts.add(change.substring(2));
            }
        }
        return parts;
    }

    private static List<String> waits(JsonNode intent, Moments moments) {
        List<String> parts = new ArrayList<>();
        String waitsFor = intent.path("waitsFor").asText("");
        if (!waitsFor.isEmpty()) {
            parts.add(waitsFor);
        }
        moments.until(intent.path("eta")).ifPresent(soon -> parts.add("goes " + soon));
        return parts;
    }

    private static List<String> terms(JsonNode intent) {
        List<String> terms = new ArrayList<>();
        if (intent.path("force").asBoolean()) {
            terms.add("forced");
        }
        TERMS.keySet().stream()
                .sorted()
                .filter(intent::hasNonNull)
                .forEach(
                        field -> terms.add(TERMS.get(field) + intent.path(field).asText()));
        return terms;
    }

    private static String outcomeOf(JsonNode target) {
        String detail = target.path("detail").asText("");
        return target.path("outcome").asText("under way") + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    private static String incarnations(JsonNode target) {
        long before = target.path("before").asLong();
        long after = target.path("after").asLong();
        return before == after ? "" : ", incarnation " + before + " to " + after;
    }

    private static void add(List<String> lines, String what, String text) {
        if (!text.isEmpty()) {
            lines.add("  " + what + ": " + text);
        }
    }
}
