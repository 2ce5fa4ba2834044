package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How services end that were asked to, how long that takes, and that nothing of them stays. */
final class StoppingScenariosIT {

    private static final String SERVICES = """
            # Ignores what it is asked, and writes down how.
            stepped:
              command: [ /bin/sh, -c, 'trap "echo asked >> $STAGE/steps" USR1; trap "" TERM; echo armed >> $STAGE/steps; while :; do sleep 0.05; done' ]
              stop:
                steps:
                  - { signal: SIGUSR1, wait: 300ms }
                  - { command: [ /bin/sh, -c, 'echo command for $RESPAWN_SERVICE >> $STAGE/steps' ], wait: 300ms }
                  - { signal: SIGTERM, wait: 300ms }
            drained:
              command: [ /bin/sh, -c, 'while ! [ -f $STAGE/drained ]; do sleep 0.05; done; exit 0' ]
              stop: { steps: [ { command: [ /bin/sh, -c, 'echo > $STAGE/drained' ], wait: 1h } ] }
            drained-badly:
              command: [ /bin/sleep, "1000" ]
              stop: { steps: [ { command: [ /bin/false ], wait: 1h }, { signal: SIGTERM, wait: 1h } ] }
            deaf:
              command: [ /bin/sh, -c, 'trap "" TERM; echo >> $STAGE/deaf; while :; do sleep 0.05; done' ]
              stop: { grace-period: 1h }
            by-another-signal:
              command: [ /bin/sh, -c, 'trap "exit 5" WINCH; echo >> $STAGE/by-another-signal; while :; do sleep 0.05; done' ]
              stop: { signal: SIGWINCH }

            # One child in its group, one in a session of its own; both deaf.
            family:
              command: [ /bin/sh, -c, 'trap "" TERM; setsid sleep 1000 & sleep 1000 & trap - TERM; echo >> $STAGE/family; wait' ]
            # Somebody whom nothing links to it any more holds its output.
            held:
              command: [ /bin/sh, -c, '[ -f $STAGE/holder ] || { env -i setsid sleep 1000 & echo $! > $STAGE/holder; }; exec sleep 1000' ]
              restart: { backoff: { delay: 10ms } }
            signalled:
              command: [ /bin/sh, -c, 'trap "echo hup >> $STAGE/signalled" HUP; echo armed >> $STAGE/signalled; while :; do sleep 0.05; done' ]

            willing-1: { command: [ /bin/sleep, "1000" ], stop: { grace-period: 1h } }
            willing-2: { command: [ /bin/sleep, "1000" ], stop: { grace-period: 1h }, depends-on: { willing-1: ready } }
            """;

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(folder, "stopping", SERVICES).open();
    }

    /** Leaving is the last scenario of all. */
    @AfterAll
    static void leavesAsSoonAsAllAreGoneAndNothingIsLeft() {
        // given
        stage.order("deaf", "stop", "{\"gracePeriod\":\"0s\"}");
        int holder = holder();
        Instant before = Instant.now();

        // when
        Programs.Ended ended = stage.leave();

        // then
        assertThat(ended.output()).contains("Found the process " + holder + " (sleep) when all services had ended");
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void takesItsStepsOneAfterTheOtherUntilItHasEnded() {
        // given
        stage.awaitLines("steps", 1);

        // when
        Instant before = Instant.now();
        JsonNode stop = stage.order("stepped", "stop");

        // then
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
        assertThat(stage.lines("steps")).containsExactly("armed", "asked", "command for stepped");
        assertThat(exit("stepped")).isEqualTo("SIGKILL");
        assertThat(stage.processes("stepped")).isEmpty();
    }

    @Test
    void noSignalFollowsACommandThatWasEnough() {
        // when
        JsonNode stop = stage.order("drained", "stop");

        // then
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(exit("drained")).isEqualTo("exit code 0");
    }

    @Test
    void aCommandThatFailsIsFollowedByTheNextStepAtOnce() {
        // when
        Instant before = Instant.now();
        stage.order("drained-badly", "stop");

        // then
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(exit("drained-badly")).isEqualTo("SIGTERM");
    }

    @Test
    void anOrderMayShortenTheGracePeriod() {
        // given
        stage.awaitLines("deaf", 1);

        // when
        Instant before = Instant.now();
        JsonNode restart = stage.order("deaf", "restart", "{\"gracePeriod\":\"300ms\"}");

        // then
        assertThat(restart.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
        assertThat(exit("deaf")).isEqualTo("SIGKILL");
        stage.awaitLines("deaf", 2);
    }

    @Test
    void theStopSignalIsTheOneThatIsDeclared() {
        // given
        stage.awaitLines("by-another-signal", 1);

        // when
        stage.order("by-another-signal", "stop");

        // then
        assertThat(exit("by-another-signal")).isEqualTo("exit code 5");
    }

    @Test
    void grandchildrenDoNotSurviveAStop() {
        // given
        stage.awaitLines("family", 1);
        stage.await(
                "family", "three processes", seen -> stage.processes("family").size() == 3);

        // when
        JsonNode stop = stage.order("family", "stop");

        // then
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.processes("family")).isEmpty();
        assertThat(stage.sidecar().instance("family").at("/lastExit/leftovers").asInt())
                .isEqualTo(2);
        assertThat(stage.details("family", "exited", 1))
                .containsExactly("2 leftover processes of its group were killed");
    }

    @Test
    void theEndOfTheProcessCountsAndNotThatOfItsOutput() {
        // given
        int holder = holder();

        // when
        stage.kill("held");
        JsonNode replaced = stage.awaitAfter("held", 1);

        // then
        assertThat(ProcessHandle.of(holder)).isPresent();
        assertThat(replaced.at("/lastExit/status").asText()).isEqualTo("SIGKILL");
    }

    @Test
    void signalsGoToAServiceByItsName() {
        // given
        stage.awaitLines("signalled", 1);

        // when
        Programs.Ended sent = stage.sidecar().cli("signal", "signalled", "HUP", "--wait");
        JsonNode refused = stage.sidecar().post("/api/v1/services/signalled/signal", "{\"signal\":\"SIGKILL\"}");

        // then
        assertThat(sent.exitCode()).as(sent.output()).isZero();
        assertThat(stage.awaitLines("signalled", 2)).containsExactly("armed", "hup");
        assertThat(refused.path("detail").asText())
                .isEqualTo(
                        "Cannot send SIGKILL to 'signalled': allowed are [SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGTERM]");
        assertThat(stage.sidecar().instance("signalled").path("incarnation").asInt())
                .isEqualTo(1);
    }

    @Test
    void theSidecarEndsWithAServiceThatItMustNotOutliveAndWithItsExitCode() {
        // given
        try (RunningSidecar sidecar = new RunningSidecar(folder, "short", """
                job: { command: [ /bin/sh, -c, 'sleep 0.3; exit 42' ], ends-sidecar: true, restart: { policy: never } }
                beside: { command: [ /bin/sleep, "1000" ] }
                """)) {
            // when
            Programs.Ended ended = sidecar.start().awaitEnd();

            // then
            assertThat(ended.exitCode()).isEqualTo(42);
            assertThat(Tagged.of("short")).isEmpty();
        }
    }

    @Test
    void leavesByItsDeadlineThoughServicesWouldTakeLonger() {
        // given
        try (RunningSidecar sidecar = new RunningSidecar(folder, "too-late", """
                deaf-1: &deaf { command: [ /bin/sh, -c, 'trap "" TERM; while :; do sleep 0.05; done' ], stop: { grace-period: 1h } }
                deaf-2: { <<: *deaf, depends-on: { deaf-1: ready } }
                """)
                .with("RESPAWN_SHUTDOWN_TIMEOUT", "1s")
                .start()) {
            sidecar.awaitReady();

            // when
            Instant before = Instant.now();
            Programs.Ended ended = sidecar.terminate();

            // then
            assertThat(ended.exitCode()).isZero();
            assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(7));
            assertThat(Tagged.of("too-late")).isEmpty();
        }
    }

    private static int holder() {
        return Integer.parseInt(stage.awaitLines("holder", 1).getFirst());
    }

    private static String exit(String service) {
        return stage.sidecar().instance(service).at("/lastExit/status").asText();
    }
}
