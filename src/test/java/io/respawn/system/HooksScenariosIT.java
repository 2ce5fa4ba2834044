package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.respawn.linux.ProcFs;
import io.respawn.testing.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done before and after starts and ends, how that goes on over a respawn, and that nothing else waits for it. */
final class HooksScenariosIT {

    private static final int HTTP = LoopbackPorts.free();
    private static final String USER = "61235";
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String SERVICES = """
            beside: { command: [ /bin/sleep, "1000" ] }
            # Each says what it is; the hook after the start waits until it has come up.
            all:
              command: [ /bin/sh, -c, 'echo main >> $STAGE/all; echo up; exec sleep 1000' ]
              autostart: false
              ready-line: up
              hooks:
                pre-start: { exec: { command: [ /bin/sh, -c, 'echo $RESPAWN_HOOK of $RESPAWN_SERVICE $RESPAWN_INCARNATION $RESPAWN_HELPER >> $STAGE/all' ] } }
                post-start: { exec: { command: [ /bin/sh, -c, 'echo $RESPAWN_HOOK >> $STAGE/all' ] } }
                pre-stop: { exec: { command: [ /bin/sh, -c, 'echo $RESPAWN_HOOK >> $STAGE/all' ] } }
                post-stop: { exec: { command: [ /bin/sh, -c, 'echo $RESPAWN_HOOK $RESPAWN_EXIT_SIGNAL $RESPAWN_EXIT_REASON >> $STAGE/all' ] } }
            skipped:
              command: [ /bin/sh, -c, 'echo >> $STAGE/skipped; exec sleep 1000' ]
              restart: { policy: on-failure }
              hooks: { pre-start: { exec: { command: [ /bin/false ] }, on-failure: skip } }
            behind-skipped: { command: [ /bin/sleep, "1000" ], depends-on: { skipped: completed-successfully } }
            failing:
              command: [ /bin/sleep, "1000" ]
              restart: { backoff: { delay: 50ms, factor: 1 } }
              hooks: { pre-start: { exec: { command: [ /bin/sh, -c, '[ -f $STAGE/failing ]' ] } } }
            warmed:
              command: [ /bin/sleep, "1000" ]
              hooks: { post-start: { exec: { command: [ /bin/sh, -c, 'while ! [ -f $STAGE/warm ]; do sleep 0.05; done' ] }, timeout: 1h } }
              start-timeout: 1h
            behind-warmed: { command: [ /bin/sleep, "1000" ], depends-on: { warmed: ready } }
            strict:
              command: [ /bin/sleep, "1000" ]
              restart: { backoff: { delay: 50ms, factor: 1 } }
              hooks: { post-start: { exec: { command: [ /bin/sh, -c, '[ $RESPAWN_INCARNATION -gt 2 ]' ] } } }
            lenient:
              command: [ /bin/sleep, "1000" ]
              hooks: { post-start: { tcp-socket: { port: 1 }, on-failure: ignore } }
            drained:
              command: [ /bin/sleep, "1000" ]
              stop: { grace-period: 1h }
              hooks: { pre-stop: { http-get: { port: %1$d, path: /drain } } }
            # Two that hang, with something that they have started.
            slow-to-stop:
              command: [ /bin/sleep, "1000" ]
              stop: { grace-period: 1h }
              hooks: { pre-stop: { exec: { command: [ /bin/sh, -c, 'trap "" TERM; sleep 1000 & echo $$ $! >> $STAGE/slow-to-stop; wait' ] }, timeout: 300ms } }
            hanging:
              command: [ /bin/sleep, "1000" ]
              autostart: false
              hooks: { pre-start: { exec: { command: [ /bin/sh, -c, 'trap "" TERM; sleep 1000 & echo $$ $! >> $STAGE/hanging; wait' ] }, timeout: 1h } }
            ending:
              command: [ /bin/sh, -c, 'echo start >> $STAGE/ending; [ $RESPAWN_INCARNATION -gt 1 ] || exit 3; exec sleep 1000' ]
              restart: { backoff: { delay: 10ms } }
              hooks: { post-stop: { exec: { command: [ /bin/sh, -c, 'sleep 0.3; echo code=$RESPAWN_EXIT_CODE signal=$RESPAWN_EXIT_SIGNAL $RESPAWN_EXIT_REASON >> $STAGE/ending' ] } } }
            # A start and an end that take as long as the test wants.
            kept:
              command: [ /bin/sleep, "1000" ]
              autostart: false
              hooks:
                pre-start: { exec: { command: [ /bin/sh, -c, 'echo begin $$ >> $STAGE/kept-start; while ! [ -f $STAGE/kept-go ]; do sleep 0.05; done; echo end >> $STAGE/kept-start' ] }, timeout: 1h }
                post-stop: { exec: { command: [ /bin/sh, -c, 'echo $RESPAWN_EXIT_SIGNAL $$ >> $STAGE/kept-stop; while ! [ -f $STAGE/kept-gone ]; do sleep 0.05; done; echo end >> $STAGE/kept-stop' ] }, timeout: 1h }
            owned:
              command: [ /bin/sleep, "1000" ]
              autostart: false
              user: %2$s
              group: %2$s
              umask: "027"
              limits: { open-files: 123 }
              readiness-probe: { exec: { command: [ /bin/sh, -c, 'echo probe $(id -u) $(umask) $(ulimit -n) >> $STAGE/owned' ] }, period: 1h, timeout: 10s }
              stop: { steps: [ { command: [ /bin/sh, -c, 'echo stop $(id -u) >> $STAGE/owned; exit 1' ], wait: 10s }, { signal: SIGTERM, wait: 10s } ] }
              hooks:
                pre-start: { exec: { command: [ /bin/sh, -c, 'echo pre-start $(id -u) $(id -g) $(umask) $(ulimit -n) >> $STAGE/owned' ] } }
                post-stop: { exec: { command: [ /bin/sh, -c, 'echo post-stop $(id -u) >> $STAGE/owned' ] } }
            """.formatted(HTTP, USER);

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() throws IOException {
        stage = new Stage(folder, "hooks", SERVICES);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        stage.open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
    }

    @Test
    void eachIsDoneAtItsTurnInTheSurroundingsOfTheService() {
        // when
        stage.start("all");
        JsonNode stop = stage.order("all", "stop");

        // then
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.lines("all"))
                .containsExactly(
                        "pre-start of all 1 hook", "main", "post-start", "pre-stop", "post-stop SIGTERM ordered");
    }

    @Test
    void aPreStartHookMaySayThatThereIsNothingToStart() {
        // when
        JsonNode skipped = stage.await("skipped", "completed");
        JsonNode order = stage.order("skipped", "start");

        // then
        assertThat(skipped.path("pid").isMissingNode()).isTrue();
        assertThat(stage.lines("skipped")).isEmpty();
        assertThat(order.path("outcome").asText()).isEqualTo("failed");
        assertThat(order.path("detail").asText())
                .contains("skipped: its pre-start hook says so")
                .contains("/bin/false");
        stage.await("behind-skipped", "ready");
    }

    @Test
    void aPreStartHookThatFailsIsAStartThatFailed() {
        // when
        JsonNode failing = stage.await(
                "failing",
                "a hook that failed",
                each -> each.path("hookFailure").isObject());

        // then
        assertThat(failing.at("/hookFailure/hook").asText()).isEqualTo("pre-start");
        assertThat(failing.at("/hookFailure/detail").asText()).contains("exit code 1");
        assertThat(stage.details("failing", "hook-failed", 1)).allMatch(detail -> detail.startsWith("pre-start: "));
        assertThat(stage.sidecar().cli("status").output()).contains("last failed hook: pre-start");

        // when
        stage.write("failing", "");

        // then
        stage.await("failing", "ready");
    }

    @Test
    void nobodyIsReadyBeforeItsPostStartHookIsOverAndNobodyElseWaits() {
        // given
        JsonNode warming = stage.await(
                "warmed", "its hook", each -> each.path("hook").asText().equals("post-start"));
        assertThat(warming.path("state").asText()).isEqualTo("running");
        assertThat(warming.path("reason").asText()).contains("its post-start hook runs");
        assertThat(stage.sidecar().instance("behind-warmed").path("state").asText())
                .isEqualTo("waiting");

        // when
        JsonNode beside = stage.order("beside", "restart", "{\"wait\":\"ready\"}");
        stage.write("warm", "");

        // then
        assertThat(beside.path("outcome").asText()).isEqualTo("succeeded");
        stage.await("behind-warmed", "ready");
        assertThat(stage.sidecar().instance("warmed").path("incarnation").asInt())
                .isEqualTo(1);
    }

    @Test
    void aPostStartHookThatFailsEndsTheProcessOrIsOnlyReported() {
        // when
        JsonNode strict = stage.await("strict", "ready");
        JsonNode lenient = stage.await("lenient", "ready");

        // then
        assertThat(strict.path("incarnation").asInt()).isEqualTo(3);
        assertThat(strict.at("/lastExit/status").asText()).isEqualTo("SIGTERM");
        assertThat(stage.details("strict", "hook-failed", 2)).allMatch(detail -> detail.startsWith("post-start: "));
        assertThat(lenient.path("incarnation").asInt()).isEqualTo(1);
        assertThat(lenient.at("/hookFailure/detail").asText()).contains("Cannot connect to 127.0.0.1:1");
    }

    @Test
    void aPreStopHookMayBeARequestWhichTheProcessIsThereFor() throws IOException {
        // given
        int pid = stage.await("drained", "ready").path("pid").asInt();
        CompletableFuture<Boolean> there = new CompletableFuture<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), HTTP), 8);
        server.createContext("/drain", exchange -> {
            there.complete(ProcessHandle.of(pid).isPresent());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();

        try {
            // when
            JsonNode stop = stage.order("drained", "stop");

            // then
            assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
            assertThat(there).isCompletedWithValue(true);
            assertThat(stage.details("drained", "stopping", 1).getFirst()).startsWith("pre-stop hook, then SIGTERM");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aHookThatHangsIsEndedWithAllThatItHasStarted() {
        // given
        stage.await("slow-to-stop", "ready");

        // when
        Instant before = Instant.now();
        JsonNode stop = stage.order("slow-to-stop", "stop");

        // then
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofMillis(300), SOON);
        assertThat(stage.details("slow-to-stop", "hook-failed", 1).getFirst()).contains("longer than 300 ms");
        gone("slow-to-stop", stage.lines("slow-to-stop"));
    }

    @Test
    void aStopCallsAStartOffWhoseHookHangsAndNobodyElseWaits() {
        // given
        String start = stage.submit("hanging", "start", "{}");
        List<String> hook = stage.awaitLines("hanging", 1);
        assertThat(stage.sidecar().instance("hanging").path("state").asText()).isEqualTo("starting");

        // when
        JsonNode beside = stage.order("beside", "restart", "{\"wait\":\"ready\"}");
        JsonNode stop = stage.order("hanging", "stop");

        // then
        assertThat(beside.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.outcome(start).path("outcome").asText()).isEqualTo("cancelled");
        assertThat(stage.sidecar().instance("hanging").path("state").asText()).isEqualTo("stopped");
        gone("hanging", hook);
    }

    @Test
    void aPostStopHookIsToldHowItEndedAndTheNextStartWaitsForIt() {
        // given
        stage.awaitLines("ending", 3);

        // when
        stage.kill("ending");

        // then
        assertThat(stage.awaitLines("ending", 5))
                .containsExactly("start", "code=3 signal= exited", "start", "code= signal=SIGKILL exited", "start");
    }

    @Test
    void aRespawnInTheMiddleGoesOnWithThemAndAKillHasThemDoneAgain() {
        // given
        stage.submit("kept", "start", "{}");
        String first = stage.awaitLines("kept-start", 1).getFirst();

        // when the sidecar loads itself anew
        assertThat(stage.sidecar().cli("respawn", "--wait").exitCode()).isZero();
        stage.awaitOpen();

        // then the same process goes on
        assertThat(isThere(pid(first))).isTrue();
        assertThat(stage.sidecar().instance("kept").path("hook").asText()).isEqualTo("pre-start");

        // when it is killed
        stage.sidecar().kill();
        stage.sidecar().start();
        stage.awaitOpen();

        // then it is done again, and nothing is left of the first time
        assertThat(stage.awaitLines("kept-start", 2)).last().asString().startsWith("begin");
        assertThat(isThere(pid(first))).isFalse();
        stage.write("kept-go", "");
        stage.await("kept", "ready");
        assertThat(stage.lines("kept-start")).hasSize(3).last().isEqualTo("end");

        // when it ends, and the sidecar loads itself anew and is killed before the hook is over
        stage.kill("kept");
        String last = stage.awaitLines("kept-stop", 1).getFirst();
        assertThat(stage.sidecar().cli("respawn", "--wait").exitCode()).isZero();
        stage.awaitOpen();
        assertThat(stage.lines("kept-stop")).containsExactly(last);
        stage.sidecar().kill();
        stage.sidecar().start();
        stage.awaitOpen();

        // then it is told the same again, and only then there is another process
        assertThat(stage.awaitLines("kept-stop", 2)).allMatch(line -> line.startsWith("SIGKILL "));
        assertThat(stage.processes("kept")).noneMatch(Tagged::sessionLeader);
        stage.write("kept-gone", "");
        stage.awaitAfter("kept", 2);
        assertThat(stage.lines("kept-stop")).hasSize(3).last().isEqualTo("end");
    }

    @Test
    void hooksProbesAndStopCommandsRunAsTheUserOfTheService() {
        // given
        assumeTrue(ProcFs.ownUser() == 0, "only root can take on another identity");

        // when
        stage.start("owned");
        stage.order("owned", "stop");

        // then
        assertThat(stage.lines("owned"))
                .containsExactly(
                        "pre-start " + USER + " " + USER + " 0027 123",
                        "probe " + USER + " 0027 123",
                        "stop " + USER,
                        "post-stop " + USER);
    }

    private static int pid(String line) {
        return Integer.parseInt(line.split(" ", -1)[1]);
    }

    /** One that is dead may wait for the machine's first process to reap it. */
    private static boolean isThere(int pid) {
        return ProcFs.stat(pid).filter(stat -> !stat.zombie()).isPresent();
    }

    /** Both processes that a line of this file names. */
    private static void gone(String service, List<String> lines) {
        await("nothing left of the hook of " + service).atMost(SOON).untilAsserted(() -> {
            for (String number : lines.getLast().split(" ", -1)) {
                assertThat(isThere(Integer.parseInt(number))).isFalse();
            }
        });
    }
}
