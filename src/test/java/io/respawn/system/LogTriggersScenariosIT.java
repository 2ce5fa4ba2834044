package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Topics.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Lines of output that lead to a restart, a signal or an event. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LogTriggersScenariosIT {

    private static final String SERVICES = """
            lost:
              command: [ /bin/sh, -c, 'echo "incarnation $RESPAWN_INCARNATION"; if [ $RESPAWN_INCARNATION = 1 ]; then sleep 0.5; echo "FATAL: password=hunter2 lost"; echo "FATAL again"; fi; exec sleep 1000' ]
              output: { triggers: { fatal: { pattern: "^FATAL", action: restart, min-interval: 1s } } }
            stale:
              command: [ /bin/sh, -c, 'trap "echo reloaded" HUP; echo "certificate has expired"; while :; do sleep 0.05; done' ]
              output: { triggers: { cert: { pattern: "has expired$", action: signal, signal: HUP } } }
            flood:
              command: [ /bin/sh, -c, 'exec yes "very very slow"' ]
              autostart: false
              output: { console: none, triggers: { slow: { pattern: "slow", min-interval: 1h, show-line: true } } }
            evil:
              command: [ /bin/sh, -c, 'while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; sleep 0.001; done' ]
              autostart: false
              output: { console: none, triggers: { evil: { pattern: "a*a*a*a*a*a*a*a*b$", action: restart } } }
            chatty: { command: [ /bin/sh, -c, 'i=0; while :; do echo "word $i"; i=$((i + 1)); sleep 0.01; done' ], output: { console: none } }
            """;

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(folder, "log-triggers", SERVICES).open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
    }

    @Test
    void aLineLeadsToOneRestartOfTheProcessThatWroteItAndIsShownToNobody() throws IOException {
        // when
        JsonNode after = stage.awaitAfter("lost", 1);
        JsonNode intent = stage.outcome("line/lost/0/1/fatal");

        // then
        assertThat(intent.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(intent.path("reason").asText()).isEqualTo("a line of its output matches 'fatal'");
        assertThat(intent.path("requestedBy").asText()).isEqualTo("line");
        assertThat(after.path("incarnation").asInt()).isEqualTo(2);
        assertThat(after.path("attempt").asInt()).isZero();
        List<Seen> events = stage.events(
                "lost",
                "the end of the order",
                all -> all.stream().anyMatch(event -> event.type().equals("io.respawn.intent.succeeded.v1")));
        assertThat(events).noneMatch(event -> event.data().toString().contains("hunter2"));
        assertThat(stage.sidecar().text("/api/v1/intents")).doesNotContain("hunter2");
    }

    @Test
    void aLineLeadsToASignal() {
        // when
        awaitLine("stale", "reloaded");

        // then
        assertThat(stage.sidecar().json("/api/v1/intents?service=stale").toString())
                .contains("line/stale/0/1/cert/", "\"signal\"", "succeeded");
        assertThat(stage.sidecar().instance("stale").path("incarnation").asInt())
                .isEqualTo(1);
    }

    /** Last, since what is counted begins anew with the image that it has loaded. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aFloodOfLinesIsToldOfOnceAndHoldsUpNobody() throws IOException {
        // given
        stage.start("flood");

        // when
        List<String> details = stage.details("flood", "line-matched", 1);
        double counted = matches("flood", "slow");
        awaitLine("chatty", "word");
        long begin = lastNumber("chatty");
        Awaitility.await("more lines").until(() -> lastNumber("chatty") > begin + 20);
        respawn();

        // then
        awaitLine("flood", "very very slow");
        assertThat(details).containsExactly("a line of its output matches 'slow': very very slow");
        assertThat(counted).isEqualTo(1);
        assertThat(matches("flood", "slow")).as("counted by the new image").isZero();
        stage.order("flood", "stop");
    }

    private static void respawn() {
        String intent = stage.sidecar().post("/api/v1/respawn", "{}").path("id").asText();
        stage.sidecar().awaitStatus("the new image", status -> {
            JsonNode last = status.at("/sidecar/respawns/0");
            return last.path("id").asText().equals(intent)
                    && last.path("outcome").asText().equals("succeeded");
        });
    }

    @Test
    void aPatternThatTakesForEverIsGivenUpAndLinesGoOn() throws IOException {
        // given
        stage.start("evil");

        // when
        Awaitility.await("a word in the log")
                .until(() -> Files.readString(stage.sidecar().log())
                        .contains("Cannot look for lines of evil/0 that match 'evil' any more"));
        long begin = lastNumber("chatty");

        // then
        Awaitility.await("more lines").until(() -> lastNumber("chatty") > begin + 20);
        assertThat(stage.sidecar().instance("evil").path("incarnation").asInt()).isEqualTo(1);
        stage.order("evil", "stop");
    }

    @Test
    void aReloadBringsATriggerToARunningProcess() throws IOException {
        // given
        awaitLine("chatty", "word");
        int pid = stage.sidecar().pidOf("chatty");
        Path file = stage.sidecar().configuration();
        String before = Files.readString(file);

        // when
        Files.writeString(
                file,
                before.replace(
                        "sleep 0.01; done' ], output: { console: none }",
                        "sleep 0.01; done' ], output: { console: none, triggers: { word: { pattern: word } } }"));
        stage.sidecar().cli("apply");

        // then
        assertThat(stage.details("chatty", "line-matched", 1)).containsExactly("a line of its output matches 'word'");
        assertThat(stage.sidecar().pidOf("chatty")).isEqualTo(pid);
    }

    private static double matches(String service, String trigger) throws IOException {
        return stage.sidecar()
                .metric("respawn_line_matches_total{service=\"" + service + "\",trigger=\"" + trigger + "\"");
    }

    private static void awaitLine(String service, String text) {
        Awaitility.await("the line " + text)
                .ignoreExceptions()
                .until(() -> logs(service).contains("\"" + text));
    }

    private static String logs(String service) throws IOException {
        return stage.sidecar().text("/api/v1/services/" + service + "/logs?lines=20&format=json");
    }

    private static long lastNumber(String service) throws IOException {
        List<String> lines = logs(service).lines().toList();
        return lines.isEmpty()
                ? 0
                : RunningSidecar.JSON.readTree(lines.getLast()).path("number").asLong();
    }
}
