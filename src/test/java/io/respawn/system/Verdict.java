package io.respawn.system;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.respawn.system.StartLog.Start;
import io.respawn.system.Topics.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds what was told of orders against what was really started, after a history of crashes; touches nothing. */
final class Verdict {

    /** What the record says of a start in the midst of which the sidecar died. */
    private static final String UNTOLD =
            "the sidecar died as it started this; whether it ran, and how it ended, is unknown";

    private final List<Seen> outcomes;
    private final Map<String, JsonNode> phases;
    private final List<Start> starts;
    private final List<Violation> violations = new ArrayList<>();
    private int overtaken;
    private int untold;

    /** An order as it was sent, and how often its id was sent again with something else in it. */
    record Sent(String id, String action, int conflicts) {}

    /** What should not be, and the order or instance that it is about. */
    record Violation(String about, String words) {}

    /**
     * Looks at everything.
     *
     * @param events all of the sidecar
     * @param phases how each intent ended, as the state topic has it, by id
     * @param starts in the order in which they were noted
     */
    Verdict(List<Sent> orders, List<Seen> events, Map<String, JsonNode> phases, List<Start> starts) {
        this.outcomes = events.stream().filter(Seen::isOutcome).toList();
        this.phases = phases;
        this.starts = starts;
        orders.forEach(this::checkOutcome);
        orders.forEach(this::checkStarts);
        checkStrangers(orders);
        checkIncarnations();
    }

    /** The intents of which nobody can tell whether each start came about, as their records say. */
    static Set<String> untold(Map<String, JsonNode> phases) {
        return phases.entrySet().stream()
                .filter(phase -> phase.getValue().path("targets").valueStream().anyMatch(Verdict::isUntold))
                .map(Map.Entry::getKey)
                .collect(toSet());
    }

    private static boolean isUntold(JsonNode target) {
        return target.at("/result/detail").asText().equals(UNTOLD);
    }

    List<Violation> violations() {
        return violations;
    }

    /** How many were started and cancelled at once by a stop, which is told: the one way to start and not succeed. */
    int overtaken() {
        return overtaken;
    }

    /** Of how many starts nobody can tell whether they came about, and the outcome says so. */
    int untold() {
        return untold;
    }

    /** How many orders ended in which way. */
    Map<String, Long> counts() {
        return outcomes.stream().filter(Verdict::isFinal).collect(groupingBy(Seen::happening, counting()));
    }

    /** The refusal of another order with the same id is named after the place where it was read. */
    private static boolean isFinal(Seen outcome) {
        return outcome.id().equals(intent(outcome) + "/" + outcome.happening());
    }

    private static String intent(Seen event) {
        return event.data().path("intent").asText();
    }

    private void checkOutcome(Sent order) {
        List<Seen> told =
                outcomes.stream().filter(event -> event.isAbout(order.id())).toList();
        List<String> words =
                told.stream().filter(Verdict::isFinal).map(Seen::happening).toList();
        expect(order.id(), words.size() == 1, "has the outcomes " + words);
        long refusals = told.stream().filter(event -> !isFinal(event)).count();
        expect(order.id(), refusals == order.conflicts(), "was refused " + refusals + " times");
        String kept = phase(order.id()).path("outcome").asText();
        expect(order.id(), words.equals(List.of(kept)), "is recorded as '" + kept + "', and told as " + words);
    }

    private JsonNode phase(String intent) {
        return phases.getOrDefault(intent, JsonNodeFactory.instance.objectNode());
    }

    /** A start line for each instance with which it succeeded, and for no other. */
    private void checkStarts(Sent order) {
        Map<Integer, Long> lines = starts.stream()
                .filter(start -> start.intent().equals(order.id()))
                .collect(groupingBy(Start::instance, counting()));
        JsonNode phase = phase(order.id());
        boolean starts = Set.of("restart", "start").contains(order.action());
        boolean mayHaveStarted = phase.path("detail").asText().startsWith("overtaken by ");
        Map<Integer, Long> wanted = new HashMap<>();
        int untoldBefore = untold;
        for (JsonNode target : phase.path("targets")) {
            int index = target.path("index").asInt();
            if (isUntold(target)) {
                untold++;
                lines.keySet().stream().filter(line -> line == index).forEach(line -> wanted.put(line, 1L));
            } else if (starts && target.at("/result/outcome").asText().equals("succeeded")) {
                wanted.put(index, 1L);
            }
        }
        if (starts && mayHaveStarted && lines.values().stream().allMatch(count -> count == 1)) {
            overtaken += lines.size();
        } else {
            expect(order.id(), lines.equals(wanted), "was started " + lines + ", by its record " + wanted);
        }
        boolean succeeded = phase.path("outcome").asText().equals("succeeded");
        expect(
                order.id(),
                !starts || untold > untoldBefore || succeeded != wanted.isEmpty(),
                "succeeded with " + wanted.keySet());
        checkLeader(order, phase.path("detail").asText());
    }

    /** One that another one has carried out names it, and that one was. */
    private void checkLeader(Sent order, String detail) {
        String by = "carried out by ";
        if (detail.startsWith(by)) {
            String leader = detail.substring(by.length(), detail.indexOf(':'));
            String word = phase(leader).path("outcome").asText();
            expect(order.id(), word.equals("succeeded"), "names " + leader + ", which is '" + word + "'");
        }
    }

    private void checkStrangers(List<Sent> orders) {
        Set<String> known = Set.copyOf(orders.stream().map(Sent::id).toList());
        starts.stream()
                .filter(start -> !start.intent().equals("-") && !known.contains(start.intent()))
                .forEach(start -> violations.add(new Violation(start.intent(), "was started and never ordered")));
        outcomes.stream()
                .filter(event -> !known.contains(intent(event)))
                .forEach(event -> violations.add(new Violation(intent(event), "has an outcome and was never ordered")));
    }

    private void checkIncarnations() {
        Map<String, Long> last = new HashMap<>();
        for (Start start : starts) {
            Long before = last.put(start.name(), start.incarnation());
            expect(
                    start.name(),
                    before == null || start.incarnation() > before,
                    "has incarnation " + start.incarnation() + " after " + before);
        }
    }

    private void expect(String about, boolean met, String otherwise) {
        if (!met) {
            violations.add(new Violation(about, otherwise));
        }
    }
}
