package io.respawn.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.StartLog.Start;
import io.respawn.system.Topics.Seen;
import io.respawn.system.Verdict.Sent;
import io.respawn.system.Verdict.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** What is left to be seen when every order has its outcome: events, records and start lines. */
record Aftermath(List<Sent> orders, List<Seen> events, Map<String, JsonNode> phases, List<Start> starts) {

    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration AROUND = Duration.ofSeconds(10);
    private static final int MOST_TOLD = 5;

    /** Waits until each order has an outcome on the event topic, but not for ever: the verdict is about what is missing. */
    static Aftermath await(String bootstrap, String sidecar, List<Sent> orders, StartLog log) {
        try (Topics topics = new Topics(bootstrap)) {
            Set<String> ids = orders.stream().map(Sent::id).collect(Collectors.toSet());
            Instant end = Instant.now().plus(LONGEST);
            Awaitility.await("an outcome for each of " + ids.size() + " orders")
                    .atMost(LONGEST.plusMinutes(1))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> ended(topics.events(sidecar)).containsAll(ids)
                            || Instant.now().isAfter(end));
            return new Aftermath(orders, topics.events(sidecar), phases(topics, sidecar), log.starts());
        }
    }

    private static Set<String> ended(List<Seen> events) {
        return events.stream()
                .filter(Seen::isOutcome)
                .map(event -> event.data().path("intent").asText())
                .collect(Collectors.toSet());
    }

    /** How each intent ended, as the state topic has it, by id. */
    static Map<String, JsonNode> phases(Topics topics, String sidecar) {
        String prefix = sidecar + "/intent/";
        Map<String, JsonNode> phases = new HashMap<>();
        topics.states().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                phases.put(key.substring(prefix.length()), value.path("phase"));
            }
        });
        return phases;
    }

    Verdict verdict() {
        return new Verdict(orders, events, phases, starts);
    }

    /** All that is known about the first few of those that something is wrong with. */
    String histories(List<Violation> violations, List<String> kills) {
        return violations.size() + " violations\n"
                + violations.stream()
                        .map(Violation::about)
                        .distinct()
                        .limit(MOST_TOLD)
                        .map(about -> history(about, kills))
                        .collect(Collectors.joining("\n"));
    }

    /** In the order of time, with the deaths around it. */
    private String history(String about, List<String> kills) {
        List<String> all = new ArrayList<>();
        events.stream()
                .filter(event -> event.isAbout(about))
                .forEach(event -> all.add(event.time() + " " + event.happening() + " " + event.data()));
        starts.stream()
                .filter(start -> start.intent().equals(about) || start.name().equals(about))
                .forEach(start -> all.add(start.at() + " " + start));
        List<Instant> times = all.stream().map(Aftermath::time).sorted().toList();
        kills.stream()
                .filter(kill -> !times.isEmpty()
                        && time(kill).isAfter(times.getFirst().minus(AROUND))
                        && time(kill).isBefore(times.getLast().plus(AROUND)))
                .forEach(all::add);
        all.sort(Comparator.comparing(Aftermath::time));
        return about + "\n  " + String.join("\n  ", all) + "\n  record: " + phases.get(about);
    }

    private static Instant time(String line) {
        return Instant.parse(line.substring(0, line.indexOf(' ')));
    }
}
