package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.respawn.linux.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of other supervisors suffer from and no other test here shows; each test is named after its pain. */
final class PainsIT {

    private static final String SERVICES = """
            # Leaves many short-lived processes to whoever takes them.
            careless:
              command: [ /bin/sh, -c, 'i=0; while [ $i -lt 100 ]; do (sleep 0.1 &); i=$((i + 1)); done; echo >> $STAGE/careless; exec sleep 1000' ]
            # Leaves one that nothing links to it.
            strange:
              command: [ /bin/sh, -c, '(env -i setsid sh -c "sleep 0.3; exit 9" &); exec sleep 1000' ]

            slow-to-stop: &slow-to-stop
              command: [ /bin/sh, -c, 'trap "" TERM; echo >> $STAGE/$RESPAWN_SERVICE; while :; do sleep 0.05; done' ]
              stop: { grace-period: 1h }
            quick: { command: [ /bin/sleep, "1000" ] }

            never: { command: [ /bin/sleep, "1000" ], autostart: false }
            parked: { command: [ /bin/sleep, "1000" ], depends-on: { never: ready } }
            failing: { command: [ /bin/false ], autostart: false, restart: { backoff: { delay: 1h, limit: 1h } } }
            unready:
              command: [ /bin/sleep, "1000" ]
              start-timeout: 1h
              readiness-probe: { exec: { command: [ /bin/false ] }, period: 200ms }
            terminating: *slow-to-stop

            counted: { command: [ /bin/sleep, "1000" ], restart: { backoff: { delay: 10ms }, limit: { count: 3, interval: 60s } } }
            backing-off: { command: [ /bin/sh, -c, 'exit 6' ], restart: { backoff: { delay: 1h, limit: 1h } } }
            talker:
              command: [ /bin/sh, -c, 'trap "echo last words; exit 0" TERM; echo >> $STAGE/talker; while :; do sleep 0.05; done' ]
            """;

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(folder, "pains", SERVICES)
                .with("RESPAWN_SHUTDOWN_TIMEOUT", "2s")
                .open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
    }

    @Test
    void zombiesDoNotPileUp() {
        // given
        stage.awaitLines("careless", 1);
        int sidecar = Math.toIntExact(stage.sidecar().pid());

        // when
        stage.await("careless", "a hundred orphans reaped", seen -> fault("orphan-reaped") >= 100);

        // then
        stage.await(
                "careless",
                "no zombie",
                seen -> ProcFs.pids().stream()
                        .flatMap(pid -> ProcFs.stat(pid).stream())
                        .noneMatch(stat -> stat.parent() == sidecar && stat.zombie()));
        assertThat(stage.sidecar().instance("careless").path("incarnation").asInt())
                .isEqualTo(1);
        assertThat(stage.processes("careless")).hasSize(1);
    }

    @Test
    void aStrangersEndConfusesNobody() {
        // given
        double before = fault("orphan-reaped");

        // when
        stage.order("strange", "restart");

        // then
        stage.await("strange", "another orphan reaped", seen -> fault("orphan-reaped") > before);
        JsonNode strange = stage.awaitAfter("strange", 1);
        assertThat(strange.path("incarnation").asInt()).isEqualTo(2);
        assertThat(strange.at("/lastExit/status").asText()).isEqualTo("SIGTERM");
        assertThat(ProcessHandle.of(strange.path("pid").asLong())).isPresent();
    }

    @Test
    void oneCommandDoesNotBlockAllOthers() {
        // given
        stage.awaitLines("slow-to-stop", 1);
        String slow = stage.submit("slow-to-stop", "stop", "{}");
        stage.await("slow-to-stop", "terminating");

        // when
        JsonNode quick = stage.order("quick", "restart", "{\"wait\":\"ready\"}");

        // then
        assertThat(quick.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.sidecar().json("/api/v1/intents/" + slow).path("phase").asText())
                .isEqualTo("started");
    }

    @Test
    void nothingGetsStuckWhileItWaits() {
        // given
        String restart = stage.submit("parked", "restart", "{}");
        JsonNode waiting = stage.await("parked", "waiting");

        // when
        JsonNode stop = stage.order("parked", "stop");
        stage.start("never");

        // then
        assertThat(waiting.path("reason").asText()).isEqualTo("waits for 'never' to be ready");
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.outcome(restart).path("outcome").asText()).isEqualTo("cancelled");
        assertThat(stage.sidecar().instance("parked").path("state").asText()).isEqualTo("stopped");
        assertThat(stage.processes("parked")).isEmpty();
        stage.start("parked");
        assertThat(stage.processes("parked")).hasSize(1);
    }

    @Test
    void nothingGetsStuckWhileItBacksOff() {
        // given
        stage.submit("failing", "start", "{}");
        stage.await("failing", "backing-off");

        // when
        JsonNode stop = stage.order("failing", "stop");

        // then
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.sidecar().instance("failing").path("state").asText()).isEqualTo("stopped");
    }

    @Test
    void nothingGetsStuckWhileItIsNotReady() {
        // given
        stage.await("unready", "running");

        // when
        JsonNode restart = stage.order("unready", "restart");
        JsonNode stop = stage.order("unready", "stop");

        // then
        assertThat(restart.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.sidecar().instance("unready").path("incarnation").asInt())
                .isEqualTo(2);
        assertThat(stage.processes("unready")).isEmpty();
    }

    @Test
    void nothingGetsStuckWhileItTerminates() {
        // given
        stage.awaitLines("terminating", 1);
        String restart = stage.submit("terminating", "restart", "{}");
        String stop = stage.submit("terminating", "stop", "{}");
        stage.await("terminating", "terminating");

        // when
        Programs.Ended hurried = stage.sidecar().cli("stop", "terminating", "--grace-period", "100ms", "--wait");

        // then
        assertThat(hurried.exitCode()).as(hurried.output()).isZero();
        assertThat(stage.outcome(restart).path("outcome").asText()).isEqualTo("cancelled");
        assertThat(stage.outcome(stop).path("outcome").asText()).isEqualTo("cancelled");
        assertThat(stage.sidecar()
                        .instance("terminating")
                        .at("/lastExit/status")
                        .asText())
                .isEqualTo("SIGKILL");
        assertThat(stage.processes("terminating")).isEmpty();
        assertThat(stage.lines("terminating")).hasSize(1);
    }

    @Test
    void whatIsTooOldOrWasMeantForAnEarlierProcessIsNotDone() {
        // given
        long incarnation = stage.await("quick", "ready").path("incarnation").asLong();
        String order = "{\"id\":\"%s\",\"action\":\"restart\",\"service\":\"quick\",%s}";

        // when
        stage.kcat()
                .send(
                        order.formatted(
                                "too-old", "\"expiresAt\":\"" + Instant.now().minusSeconds(1) + "\""),
                        order.formatted("for-another", "\"ifIncarnation\":" + (incarnation + 7)));

        // then
        assertThat(stage.topics().awaitOutcome("pains", "too-old").getLast().happening())
                .isEqualTo("expired");
        assertThat(stage.topics().awaitOutcome("pains", "for-another").getLast().happening())
                .isEqualTo("rejected");
        assertThat(stage.sidecar().instance("quick").path("incarnation").asLong())
                .isEqualTo(incarnation);
    }

    @Test
    void countersDoNotStartAgainWithTheSidecar() {
        // given
        stage.kill("counted");
        stage.awaitAfter("counted", 1);
        stage.kill("counted");
        JsonNode counted = stage.awaitAfter("counted", 2);
        JsonNode backingOff = stage.await("backing-off", "backing-off");

        // when
        stage.sidecar().kill();
        stage.sidecar().start();
        stage.awaitOpen();

        // then
        assertThat(known(stage.sidecar().instance("counted"))).isEqualTo(known(counted));
        assertThat(known(stage.sidecar().instance("backing-off"))).isEqualTo(known(backingOff));
        stage.kill("counted");
        stage.awaitAfter("counted", 3);
        stage.kill("counted");
        assertThat(stage.await("counted", "exhausted").path("reason").asText())
                .isEqualTo("4 ends within 60 s, the last by SIGKILL");
    }

    @Test
    void aStartThatGoesWrongLosesNeitherProcessesNorWhatIsKnownOfThem() throws IOException {
        // given
        stage.order("quick", "restart", "{\"wait\":\"ready\"}");
        JsonNode quick = stage.await("quick", "ready");
        Path file = stage.sidecar().configuration();
        String good = Files.readString(file);
        stage.sidecar().kill();

        // when
        Files.writeString(file, "respawn: { id: pains, services: { quick: { comand: [ /bin/true ] } } }");
        Programs.Ended wrong = stage.sidecar().start().awaitEnd();
        Files.writeString(file, good);
        stage.sidecar().start();
        stage.awaitOpen();

        // then
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(known(stage.sidecar().instance("quick"))).isEqualTo(known(quick));
        assertThat(stage.processes("quick"))
                .extracting(Tagged::pid)
                .containsExactly(quick.path("pid").asInt());
    }

    @Test
    void twoSidecarsDoNotShareTheirServices() {
        // when
        Programs.Ended second = stage.sidecar()
                .cli("run", "--config", stage.sidecar().configuration().toString());

        // then
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.output()).contains(Long.toString(stage.sidecar().pid()));
        assertThat(stage.processes("quick")).hasSize(1);
    }

    @Test
    void theLastWordsOfAServiceAreNotLost() {
        // given
        stage.awaitLines("talker", 1);

        // when
        stage.order("talker", "stop");

        // then
        stage.await("talker", "its last words", seen -> said().endsWith("last words\n"));
        assertThat(stage.sidecar().instance("talker").at("/lastExit/status").asText())
                .isEqualTo("exit code 0");
    }

    private static String said() {
        try {
            return stage.sidecar().text("/api/v1/services/talker/logs");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot ask for the output of talker", e);
        }
    }

    /** How often something happened that should not, by the metrics. */
    private static double fault(String kind) {
        try {
            Matcher matcher = Pattern.compile("respawn_faults_total\\{fault=\"" + kind + "\"\\} ([0-9.E]+)")
                    .matcher(stage.sidecar().management("/q/metrics").body());
            return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot scrape the metrics", e);
        }
    }

    /** All of it but what it uses at the moment. */
    private static JsonNode known(JsonNode instance) {
        ObjectNode copy = instance.deepCopy();
        copy.remove("usage");
        return copy;
    }
}
