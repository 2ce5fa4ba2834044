package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that are asked how they are, by every kind of probe, and what follows from the answers. */
final class ProbeScenariosIT {

    private static final int HTTP = LoopbackPorts.free();
    private static final int TCP = LoopbackPorts.free();

    private static final String SERVICES = """
            by-http:
              command: [ /bin/sleep, "1000" ]
              readiness-probe: { http-get: { port: %1$d, path: /ready }, period: 50ms, timeout: 2s, success-threshold: 3, failure-threshold: 2 }
            by-tcp:
              command: [ /bin/sleep, "1000" ]
              readiness-probe: { tcp-socket: { port: %2$d }, period: 50ms, failure-threshold: 1 }
            by-command:
              command: [ /bin/sleep, "1000" ]
              readiness-probe: { exec: { command: [ /bin/sh, -c, '[ -f $STAGE/by-command ]' ] }, period: 50ms, failure-threshold: 1 }
            delayed:
              command: [ /bin/sleep, "1000" ]
              readiness-probe: { exec: { command: [ /bin/true ] }, initial-delay: 400ms }

            # First it comes up, then it is asked whether it is sane; a signal goes before the stop. The shell may run the second
            # trap in the midst of the first, so that must not be its end.
            phased:
              command: [ /bin/sh, -c, 'trap "echo dump >> $STAGE/phased-said" USR1; trap "end=1" TERM; echo start >> $STAGE/phased-said; while [ -z "$end" ]; do sleep 0.05; done; echo term >> $STAGE/phased-said' ]
              restart: { backoff: { delay: 10ms } }
              startup-probe: { exec: { command: [ /bin/sh, -c, '[ -f $STAGE/phased-up ]' ] }, period: 50ms, failure-threshold: 500 }
              liveness-probe: { exec: { command: [ /bin/sh, -c, 'echo >> $STAGE/phased-asked; ! [ -f $STAGE/phased-ill ]' ] }, period: 50ms, failure-threshold: 2, signal: SIGUSR1 }
            reported:
              command: [ /bin/sleep, "1000" ]
              liveness-probe: { tcp-socket: { port: 1 }, period: 50ms, failure-threshold: 3, action: none }
            never-up:
              command: [ /bin/sleep, "1000" ]
              autostart: false
              restart: { backoff: { delay: 1h, limit: 1h } }
              startup-probe: { exec: { command: [ /bin/false ] }, period: 20ms, failure-threshold: 3 }
            never-ready:
              command: [ /bin/sleep, "1000" ]
              autostart: false
              start-timeout: 300ms
              restart: { backoff: { delay: 1h, limit: 1h } }
              readiness-probe: { exec: { command: [ /bin/false ] }, period: 50ms }
            ill:
              command: [ /bin/sleep, "1000" ]
              autostart: false
              restart: { backoff: { delay: 1h, limit: 1h } }
              liveness-probe: { exec: { command: [ /bin/false ] }, period: 20ms, failure-threshold: 1 }

            # Its probe hangs, and so does what that has started.
            hanging:
              command: [ /bin/sleep, "1000" ]
              start-timeout: 1h
              readiness-probe: { exec: { command: [ /bin/sh, -c, 'sleep 1000 & echo $$ $! >> $STAGE/hanging; wait' ] }, period: 50ms, timeout: 100ms }
            """.formatted(HTTP, TCP);

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(folder, "probes", SERVICES).open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
    }

    @Test
    void readinessByHttpFollowsTheAnswersAndTheirThresholds() throws IOException {
        // given
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger status = new AtomicInteger(503);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), HTTP), 8);
        server.createContext("/ready", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();

        try {
            // when
            stage.await("by-http", "three questions", seen -> asked.get() >= 3);
            String unready = stage.sidecar().instance("by-http").path("state").asText();
            int before = asked.getAndSet(0);
            status.set(204);
            stage.await("by-http", "ready");
            int successes = asked.get();
            status.set(404);
            stage.await("by-http", "running");

            // then
            assertThat(before).isGreaterThanOrEqualTo(3);
            assertThat(unready).isEqualTo("running");
            assertThat(successes).isGreaterThanOrEqualTo(3);
            assertThat(stage.details("by-http", "unready", 1))
                    .singleElement()
                    .satisfies(detail -> assertThat(detail).contains("404"));
            assertThat(stage.sidecar().instance("by-http").path("incarnation").asInt())
                    .isEqualTo(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void readinessByTcpFollowsTheListener() throws IOException {
        // when
        try (ServerSocket listener = new ServerSocket(TCP, 50, InetAddress.getLoopbackAddress())) {
            assertThat(listener.isBound()).isTrue();
            stage.await("by-tcp", "ready");
        }

        // then
        stage.await("by-tcp", "running");
        assertThat(stage.details("by-tcp", "unready", 1)).hasSize(1);
    }

    @Test
    void readinessByCommandFollowsItsExitCode() {
        // given
        stage.await("by-command", "running");

        // when
        stage.write("by-command", "");
        stage.await("by-command", "ready");
        folder.resolve("by-command").toFile().delete();

        // then
        stage.await("by-command", "running");
    }

    @Test
    void theFirstQuestionComesAfterTheInitialDelay() {
        // when
        List<Seen> events = stage.events("delayed", "it being ready", all -> all.size() >= 2);

        // then
        assertThat(events).extracting(Seen::happening).startsWith("started", "ready");
        assertThat(Duration.between(events.get(0).time(), events.get(1).time()))
                .isBetween(Duration.ofMillis(399), Duration.ofSeconds(5));
    }

    @Test
    void livenessBeginsWhenTheServiceIsUpAndAFailureSendsTheSignalAndReplacesIt() {
        // given
        stage.awaitLines("phased-said", 1);
        stage.await("phased", "running");
        List<String> askedBefore = stage.lines("phased-asked");
        stage.write("phased-up", "");
        stage.await("phased", "ready");
        stage.awaitLines("phased-asked", 3);

        // when
        stage.write("phased-ill", "");
        stage.await("phased", "a new process", seen -> seen.path("incarnation").asInt() > 1);
        folder.resolve("phased-ill").toFile().delete();
        JsonNode replaced = stage.await("phased", "ready");

        // then
        assertThat(askedBefore).isEmpty();
        assertThat(stage.lines("phased-said").subList(0, 3)).containsExactly("start", "dump", "term");
        assertThat(replaced.at("/lastExit/status").asText()).isEqualTo("exit code 0");
        assertThat(stage.details("phased", "unhealthy", 1).getFirst()).contains("liveness");
        assertThat(stage.details("phased", "backing-off", 1)).isNotEmpty();
    }

    @Test
    void aFailureIsOnlyReportedWhereThatIsTheAction() {
        // when
        stage.details("reported", "unhealthy", 1);

        // then
        JsonNode instance = stage.sidecar().instance("reported");
        assertThat(instance.path("state").asText()).isEqualTo("ready");
        assertThat(instance.path("incarnation").asInt()).isEqualTo(1);
    }

    @Test
    void aServiceThatDoesNotComeUpFailsItsOrderAndBacksOff() {
        // when
        JsonNode order = stage.order("never-up", "start", "{\"wait\":\"ready\"}");
        JsonNode instance = stage.await("never-up", "backing-off");

        // then
        assertThat(order.path("outcome").asText()).isEqualTo("failed");
        assertThat(order.path("detail").asText()).contains("startup");
        assertThat(instance.path("incarnation").asInt()).isEqualTo(1);
        assertThat(stage.processes("never-up")).isEmpty();
    }

    @Test
    void aServiceThatIsNotReadyInTimeFailsItsOrderAndBacksOff() {
        // when
        JsonNode order = stage.order("never-ready", "start", "{\"wait\":\"ready\"}");
        stage.await("never-ready", "backing-off");

        // then
        assertThat(order.path("outcome").asText()).isEqualTo("failed");
        assertThat(order.path("detail").asText()).isEqualTo("not ready within the start timeout");
        assertThat(stage.processes("never-ready")).isEmpty();
    }

    @Test
    void aProbeThatFailsWhileItsServiceBacksOffDoesNothingTwice() {
        // when
        stage.submit("ill", "start", "{}");
        JsonNode first = stage.await("ill", "backing-off");
        stage.order("ill", "reset");
        JsonNode second = stage.await(
                "ill",
                "a second backoff",
                seen -> seen.path("state").asText().equals("backing-off")
                        && seen.path("incarnation").asInt() == 2);

        // then
        assertThat(first.path("incarnation").asInt()).isEqualTo(1);
        assertThat(second.path("attempt").asInt()).isEqualTo(1);
        List<Seen> events = stage.events("ill", "two backoffs", all -> happenings(all, "backing-off") == 2);
        assertThat(happenings(events, "unhealthy")).isEqualTo(2);
        assertThat(happenings(events, "stopping")).isEqualTo(2);
        assertThat(happenings(events, "exited")).isEqualTo(2);
    }

    @Test
    void probesThatHangAreEndedWithAllThatTheyStarted() {
        // when
        List<String> asked = stage.awaitLines("hanging", 3);

        // then
        List<Integer> first = List.of(asked.getFirst().split(" ", -1)).stream()
                .map(Integer::valueOf)
                .toList();
        stage.await(
                "hanging",
                "the end of its first probe",
                seen -> first.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
        assertThat(stage.sidecar().instance("hanging").path("state").asText()).isEqualTo("running");
        assertThat(stage.processes("hanging").size())
                .as("the service and at most one probe of two processes")
                .isLessThanOrEqualTo(3);
    }

    private static long happenings(List<Seen> events, String happening) {
        return events.stream()
                .filter(event -> event.type().equals("io.respawn.service." + happening + ".v1"))
                .count();
    }
}
