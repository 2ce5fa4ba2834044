package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.respawn.system.StartLog.Start;
import io.respawn.system.Topics.Seen;
import io.respawn.system.Verdict.Sent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the verdict over a history finds nothing in a sound one, and each kind of violation that is planted in it. */
final class VerdictTest {

    private final List<Sent> orders = new ArrayList<>();
    private final List<Seen> events = new ArrayList<>();
    private final Map<String, JsonNode> phases = new HashMap<>();
    private final List<Start> starts = new ArrayList<>();

    @BeforeEach
    void soundHistory() {
        starts.add(start("web", 1, "-"));
        ended("done", "restart", "succeeded", "", "succeeded");
        starts.add(start("web", 2, "done"));
        ended("rider", "restart", "coalesced", "carried out by done: incarnation 2");
        ended("halt", "stop", "succeeded", "", "succeeded");
        ended("late", "restart", "expired", "expired at noon");
        events.add(event("late", "late/rejected/respawn.commands-1@5", "rejected"));
        orders.set(orders.size() - 1, new Sent("late", "restart", 1));
        ended("overtaken", "restart", "cancelled", "overtaken by halt, which stops the service");
        starts.add(start("web", 3, "overtaken"));
    }

    @Test
    void findsNothingInASoundHistory() {
        assertThat(violations()).isEmpty();
        assertThat(verdict().overtaken()).isEqualTo(1);
        assertThat(verdict().counts())
                .isEqualTo(Map.of("succeeded", 2L, "coalesced", 1L, "expired", 1L, "cancelled", 1L));
    }

    @Test
    void takesAStartOfWhichNobodyKnowsForWhatItIs() {
        ended("untold", "restart", "succeeded", "", "succeeded");
        untold("untold");
        ended("seen", "restart", "succeeded", "", "succeeded");
        untold("seen");
        starts.add(start("web", 4, "seen"));
        assertThat(violations()).isEmpty();
        assertThat(verdict().untold()).isEqualTo(2);
    }

    @Test
    void findsTwoStartsOfAnOrderOfWhichNobodyKnows() {
        ended("untold", "restart", "succeeded", "", "succeeded");
        untold("untold");
        starts.add(start("web", 4, "untold"));
        starts.add(start("web", 5, "untold"));
        assertThat(violations()).containsExactly("untold was started {0=2}, by its record {0=1}");
    }

    @Test
    void findsAnOrderWithoutAnOutcome() {
        orders.add(new Sent("lost", "restart", 0));
        assertThat(violations()).contains("lost has the outcomes []");
    }

    @Test
    void findsAnOrderWithTwoOutcomes() {
        events.add(event("late", "late/succeeded", "succeeded"));
        assertThat(violations()).contains("late has the outcomes [expired, succeeded]");
    }

    @Test
    void findsAnOutcomeThatWasToldTwice() {
        events.add(event("done", "done/succeeded", "succeeded"));
        assertThat(violations()).contains("done has the outcomes [succeeded, succeeded]");
    }

    @Test
    void findsAnOrderWithAnotherOutcomeInTheRecords() {
        ((ObjectNode) phases.get("late")).put("outcome", "cancelled");
        assertThat(violations()).containsExactly("late is recorded as 'cancelled', and told as [expired]");
    }

    @Test
    void findsARefusalOfNothing() {
        events.add(event("done", "done/rejected/respawn.commands-1@6", "rejected"));
        assertThat(violations()).containsExactly("done was refused 1 times");
    }

    @Test
    void findsASuccessWithoutAStart() {
        starts.removeIf(start -> start.intent().equals("done"));
        assertThat(violations()).containsExactly("done was started {}, by its record {0=1}");
    }

    @Test
    void findsASecondStartForOneOrder() {
        starts.add(start("web", 4, "done"));
        starts.add(start("web", 5, "overtaken"));
        assertThat(violations())
                .containsExactly(
                        "done was started {0=2}, by its record {0=1}", "overtaken was started {0=2}, by its record {}");
    }

    @Test
    void findsAStartForAnOrderThatDidNotSucceed() {
        starts.add(start("web", 4, "late"));
        starts.add(start("web", 5, "halt"));
        assertThat(violations())
                .containsExactly(
                        "halt was started {0=1}, by its record {}", "late was started {0=1}, by its record {}");
    }

    @Test
    void findsASuccessWithNoInstance() {
        ended("nothing", "start", "succeeded", "");
        assertThat(violations()).containsExactly("nothing succeeded with []");
    }

    @Test
    void findsARiderWhoseLeaderDidNotSucceed() {
        ended("misled", "restart", "coalesced", "carried out by late: incarnation 2");
        assertThat(violations()).containsExactly("misled names late, which is 'expired'");
    }

    @Test
    void findsAnIncarnationThatWasUsedAgain() {
        starts.add(start("web", 3, "-"));
        assertThat(violations()).containsExactly("web-0 has incarnation 3 after 3");
    }

    @Test
    void findsWhatNobodyOrdered() {
        starts.add(start("web", 4, "strange"));
        events.add(event("odd", "odd/failed", "failed"));
        assertThat(violations())
                .containsExactly("strange was started and never ordered", "odd has an outcome and was never ordered");
    }

    private Verdict verdict() {
        return new Verdict(orders, events, phases, starts);
    }

    private List<String> violations() {
        return verdict().violations().stream()
                .map(violation -> violation.about() + " " + violation.words())
                .toList();
    }

    private void ended(String id, String action, String outcome, String detail, String... targets) {
        orders.add(new Sent(id, action, 0));
        events.add(event(id, id + "/accepted", "accepted"));
        events.add(event(id, id + "/" + outcome, outcome));
        ObjectNode phase = JsonNodeFactory.instance.objectNode();
        phase.put("outcome", outcome).put("detail", detail);
        var list = phase.putArray("targets");
        for (int i = 0; i < targets.length; i++) {
            list.addObject().put("index", i).putObject("result").put("outcome", targets[i]);
        }
        phases.put(id, phase);
    }

    private void untold(String id) {
        ObjectNode result = (ObjectNode) phases.get(id).at("/targets/0/result");
        result.put("detail", "the sidecar died as it started this; whether it ran, and how it ended, is unknown");
    }

    private static Seen event(String intent, String id, String happening) {
        return new Seen(
                id,
                "io.respawn.intent." + happening + ".v1",
                Instant.EPOCH,
                "anywhere/web",
                JsonNodeFactory.instance.objectNode().put("intent", intent));
    }

    private static Start start(String service, long incarnation, String intent) {
        return new Start(service, 0, incarnation, intent, 100 + incarnation, Instant.EPOCH);
    }
}
