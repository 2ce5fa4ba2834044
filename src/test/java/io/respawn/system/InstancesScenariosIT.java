package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Topics.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a service, more and fewer of them, and what an order by hand leaves behind. */
final class InstancesScenariosIT {

    private static final String SERVICES = """
            numbered:
              command: [ /bin/sh, -c, 'echo $RESPAWN_INSTANCE >> $STAGE/numbers; exec sleep 1000' ]
              instances: 3
            scaled: { command: [ /bin/sleep, "1000" ], instances: 2 }
            scaled-by-all: { command: [ /bin/sleep, "1000" ] }
            one-of-three: { command: [ /bin/sleep, "1000" ], instances: 3, restart: { backoff: { delay: 10ms } } }
            by-hand: { command: [ /bin/sleep, "1000" ] }
            by-hand-more: { command: [ /bin/sleep, "1000" ] }
            later: { command: [ /bin/sleep, "1000" ], autostart: false }
            selected: { command: [ /bin/sleep, "1000" ] }
            vital:
              command: [ /bin/sh, -c, '[ -f $STAGE/broken ] && exit 78; exec sleep 1000' ]
              essential: true
              restart: { backoff: { delay: 10ms }, rules: [ { exit-codes: [ 78 ], action: give-up } ] }
            """;

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(folder, "instances", SERVICES)
                .with("RESPAWN_LABELS_APP", "shop")
                .open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
    }

    @Test
    void everyInstanceKnowsItsIndex() {
        assertThat(stage.awaitLines("numbers", 3)).containsExactlyInAnyOrder("0", "1", "2");
    }

    @Test
    void scalingKeepsTheSurvivors() {
        // given
        Map<Integer, Integer> two = pids(awaitReady("scaled", 2));

        // when
        JsonNode up = stage.order("scaled", "scale", "{\"instances\":4}");
        Map<Integer, Integer> four = pids(awaitReady("scaled", 4));
        JsonNode down = stage.order("scaled", "scale", "{\"instances\":1}");
        JsonNode service = awaitReady("scaled", 1);

        // then
        assertThat(up.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(down.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(four).containsAllEntriesOf(two).hasSize(4);
        assertThat(pids(service)).containsExactly(Map.entry(0, two.get(0)));
        assertThat(service.path("wanted").asInt()).isEqualTo(1);
        assertThat(service.path("scaled").asBoolean()).isTrue();
        assertThat(stage.processes("scaled")).extracting(Tagged::pid).containsExactly(two.get(0));
    }

    @Test
    void scalesByCommandLineAndByKafkaToo() {
        // when
        Programs.Ended three = stage.sidecar().cli("scale", "scaled-by-all", "3", "--wait=ready");
        JsonNode between = stage.service("scaled-by-all");
        stage.kcat().send("{\"id\":\"scale-1\",\"action\":\"scale\",\"service\":\"scaled-by-all\",\"instances\":2}");

        // then
        assertThat(three.exitCode()).as(three.output()).isZero();
        assertThat(pids(between)).hasSize(3);
        assertThat(stage.topics().awaitOutcome("instances", "scale-1").getLast().happening())
                .isEqualTo("succeeded");
        assertThat(pids(awaitReady("scaled-by-all", 2)))
                .isEqualTo(Map.of(0, pids(between).get(0), 1, pids(between).get(1)));
    }

    @Test
    void oneInstanceEndsOrIsRestartedAndTheOthersStay() {
        // given
        Map<Integer, Integer> before = pids(awaitReady("one-of-three", 3));

        // when
        JsonNode restart = stage.order("one-of-three", "restart", "{\"instance\":1}");
        Stage.kill(before.get(2));
        JsonNode after = stage.awaitService(
                "one-of-three",
                "two new processes",
                seen -> seen.path("ready").asBoolean()
                        && seen.at("/instances/1/incarnation").asInt() == 2
                        && seen.at("/instances/2/incarnation").asInt() == 2);

        // then
        assertThat(restart.path("targets")).hasSize(1);
        assertThat(pids(after)).containsEntry(0, before.get(0)).doesNotContainValue(before.get(1));
    }

    @Test
    void whatWasOrderedByHandOutlivesTheSidecarAndWhatItStarted() {
        // given
        stage.order("by-hand", "stop", "{\"requestedBy\":\"somebody\"}");
        stage.order("by-hand-more", "scale", "{\"instances\":2}");
        stage.start("later");
        Map<Integer, Integer> more = pids(awaitReady("by-hand-more", 2));
        int later = stage.sidecar().pidOf("later");

        // when
        stage.sidecar().kill();
        stage.sidecar().start();
        stage.awaitOpen();

        // then
        JsonNode stopped = stage.service("by-hand");
        assertThat(stopped.path("state").asText()).isEqualTo("stopped");
        assertThat(stopped.path("handSet").asBoolean()).isTrue();
        assertThat(stopped.path("orderedBy").asText()).isEqualTo("somebody");
        assertThat(stage.processes("by-hand")).isEmpty();
        assertThat(pids(stage.service("by-hand-more"))).isEqualTo(more);
        assertThat(stage.sidecar().pidOf("later")).isEqualTo(later);
    }

    @Test
    void anOrderToAllIsForThoseWithTheLabel() {
        // given
        String order = "{\"id\":\"%s\",\"action\":\"restart\",\"service\":\"selected\",\"selector\":{\"app\":\"%s\"}}";

        // when
        stage.kcat().broadcast(order.formatted("not-me", "another"));
        stage.kcat().broadcast(order.formatted("me", "shop"));

        // then
        assertThat(stage.topics().awaitOutcome("instances", "me").getLast().happening())
                .isEqualTo("succeeded");
        List<Seen> events = stage.events("selected", "a second process", all -> all.size() >= 4);
        assertThat(events).noneMatch(event -> event.isAbout("not-me"));
        assertThat(stage.awaitAfter("selected", 1).path("incarnation").asInt()).isEqualTo(2);
    }

    @Test
    void anEssentialServiceThatWasGivenUpMakesTheSidecarUnready() throws IOException {
        // given
        int before = stage.sidecar().management("/q/health/ready").statusCode();
        stage.write("broken", "");

        // when
        stage.kill("vital");
        stage.await("vital", "exhausted");
        int during = stage.sidecar().management("/q/health/ready").statusCode();
        int live = stage.sidecar().management("/q/health/live").statusCode();
        folder.resolve("broken").toFile().delete();
        stage.order("vital", "reset");
        stage.await("vital", "ready");

        // then
        assertThat(before).isEqualTo(200);
        assertThat(during).isEqualTo(503);
        assertThat(live).isEqualTo(200);
        assertThat(stage.sidecar().management("/q/health/ready").statusCode()).isEqualTo(200);
    }

    private static JsonNode awaitReady(String service, int count) {
        return stage.awaitService(
                service,
                count + " ready instances",
                seen -> seen.path("ready").asBoolean() && seen.path("instances").size() == count);
    }

    private static Map<Integer, Integer> pids(JsonNode service) {
        return StreamSupport.stream(service.path("instances").spliterator(), false)
                .collect(Collectors.toMap(
                        instance -> instance.path("index").asInt(),
                        instance -> instance.path("pid").asInt()));
    }
}
