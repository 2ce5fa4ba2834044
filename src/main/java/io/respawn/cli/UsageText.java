package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes for people what a service uses, a line an instance. */
final class UsageText {

    private static final double UNIT = 1024;

    private UsageText() {}

    static List<String> lines(JsonNode answer, JsonNode service) {
        Moments moments = Moments.at(answer.path("at"));
        List<String> lines = new ArrayList<>();
        for (JsonNode instance : service.path("instances")) {
            JsonNode usage = instance.path("usage");
            if (usage.isObject()) {
                lines.add(StatusText.name(service, instance) + ": " + words(usage)
                        + moments.ago(usage.path("at")).map(span -> ", " + span).orElse(""));
            }
        }
        return lines;
    }

    private static String words(JsonNode usage) {
        JsonNode limit = usage.path("maxMemoryBytes");
        return "memory " + size(usage.path("memoryBytes").asLong())
                + (limit.isNumber() ? " of " + size(limit.asLong()) : "")
                + ", CPU "
                + String.format(Locale.ROOT, "%.2f s", usage.path("cpuSeconds").asDouble())
                + ", " + count(usage.path("processes").asInt(), "process", "processes")
                + ", " + count(usage.path("threads").asInt(), "thread", "threads")
                + ", " + descriptors(usage.path("descriptors"));
    }

    private static String descriptors(JsonNode open) {
        return open.isNumber() ? count(open.asInt(), "descriptor", "descriptors") : "descriptors unknown";
    }

    private static String count(int count, String one, String several) {
        return count + " " + (count == 1 ? one : several);
    }

    private static String size(long bytes) {
        double value = bytes / UNIT;
        String unit = "KiB";
        for (String next : List.of("MiB", "GiB")) {
            if (value >= UNIT) {
                value /= UNIT;
                unit = next;
            }
        }
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}
