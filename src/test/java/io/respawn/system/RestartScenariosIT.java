package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Topics.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a service that ends: rules, growing delays, limits, and what an order changes about them. */
final class RestartScenariosIT {

    private static final String SERVICES = """
            # How it ends is said by a file.
            ends-78: &ends
              command: [ /bin/sh, -c, 'eval "$(cat $STAGE/$RESPAWN_SERVICE)"' ]
              autostart: false
              restart: &rules
                policy: on-failure
                success-exit-codes: [ 0, 7 ]
                backoff: { delay: 10ms }
                rules:
                  - { exit-codes: [ 78 ], action: give-up }
                  - { exit-codes: [ 78, 79 ], action: stop }
                  - { exit-codes: [ 80 ], action: success }
                  - { signals: [ SIGUSR1 ], action: give-up }
            ends-79: *ends
            ends-80: *ends
            ends-7: *ends
            ends-by-signal: *ends
            ends-1: *ends

            growing: { command: [ /bin/false ], autostart: false, restart: { backoff: { delay: 20ms, factor: 3, limit: 100ms, jitter: 0 } } }
            jittery: { command: [ /bin/false ], autostart: false, restart: { backoff: { delay: 40ms, factor: 1, jitter: 0.5 } } }
            stable:
              command: [ /bin/sleep, "1000" ]
              autostart: false
              restart: { backoff: { delay: 20ms, factor: 3, jitter: 0, reset-after: 1500ms } }

            limited: &limited
              command: [ /bin/sleep, "1000" ]
              autostart: false
              restart: { backoff: { delay: 10ms, jitter: 0 }, limit: { count: 2, interval: 60s } }
            limited-and-ordered: *limited
            retried:
              command: [ /bin/sh, -c, '[ -f $STAGE/cured ] && exec sleep 1000; exit 3' ]
              autostart: false
              restart: { backoff: { delay: 10ms, jitter: 0 }, limit: { count: 1, interval: 60s, retry-after: 700ms } }

            waiting-long: { command: [ /bin/sh, -c, '[ -f $STAGE/repaired ] && exec sleep 1000; exit 4' ], autostart: false, restart: { backoff: { delay: 1h, limit: 1h } } }
            asked: { command: [ /bin/sleep, "1000" ], autostart: false, restart: { backoff: { delay: 10ms } } }
            """;

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(folder, "restarts", SERVICES)
                .with("RESPAWN_BUDGET_PERMITS", "1000")
                .with("RESPAWN_BUDGET_BURST", "1000")
                .open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
    }

    @Test
    void theFirstRuleForTheExitCodeOrSignalDecidesAndThenThePolicy() {
        // given
        stage.write("ends-78", "exit 78");
        stage.write("ends-79", "exit 79");
        stage.write("ends-80", "exit 80");
        stage.write("ends-7", "exit 7");
        stage.write("ends-by-signal", "kill -USR1 $$; sleep 1000");
        stage.write("ends-1", "echo 'exec sleep 1000' > $STAGE/ends-1; exit 1");

        // when
        Stream.of("ends-78", "ends-79", "ends-80", "ends-7", "ends-by-signal", "ends-1")
                .forEach(service -> stage.submit(service, "start", "{}"));

        // then
        assertThat(stage.await("ends-78", "exhausted").path("reason").asText())
                .isEqualTo("a rule says so after exit code 78");
        assertThat(stage.await("ends-79", "completed").path("reason").asText())
                .isEqualTo("ended, and its restart policy leaves it so");
        assertThat(stage.await("ends-80", "completed").path("reason").asText()).isEqualTo("ended as it should");
        assertThat(stage.await("ends-7", "completed").path("reason").asText()).isEqualTo("ended as it should");
        assertThat(stage.await("ends-by-signal", "exhausted").path("reason").asText())
                .isEqualTo("a rule says so after SIGUSR1");
        assertThat(stage.await("ends-1", "ready").path("incarnation").asInt()).isEqualTo(2);
        assertThat(List.of("ends-78", "ends-79", "ends-80", "ends-7", "ends-by-signal"))
                .allSatisfy(service -> assertThat(stage.service(service)
                                .at("/instances/0/incarnation")
                                .asInt())
                        .isEqualTo(1));
    }

    @Test
    void delaysGrowToTheirLimit() {
        // when
        stage.submit("growing", "start", "{}");

        // then
        assertThat(stage.details("growing", "backing-off", 5).subList(0, 5))
                .containsExactly(
                        "restart 1 in 20 ms",
                        "restart 2 in 60 ms",
                        "restart 3 in 100 ms",
                        "restart 4 in 100 ms",
                        "restart 5 in 100 ms");
        stage.order("growing", "stop");
        List<Seen> events = stage.events("growing", "its end", all -> has(all, "stopped"));
        List<Instant> exits = times(events, "exited");
        List<Instant> starts = times(events, "backing-off");
        // The stop may come while one runs, whose end is followed by no other start.
        assertThat(exits).hasSizeBetween(starts.size(), starts.size() + 1);
        assertThat(IntStream.range(3, 5).mapToObj(i -> Duration.between(exits.get(i - 1), exits.get(i))))
                .allSatisfy(delay -> assertThat(delay).isGreaterThanOrEqualTo(Duration.ofMillis(100)));
    }

    @Test
    void delaysDifferByTheirJitter() {
        // when
        stage.submit("jittery", "start", "{}");
        List<Integer> delays = stage.details("jittery", "backing-off", 6).stream()
                .map(detail -> Integer.valueOf(detail.replaceAll(".* in (\\d+) ms", "$1")))
                .toList();
        stage.order("jittery", "stop");

        // then
        assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(40, 60));
        assertThat(delays.stream().distinct().count()).isGreaterThan(1);
    }

    @Test
    void aStableRunMakesTheNextDelayTheFirstAgain() {
        // given
        stage.start("stable");
        long second = stage.kill("stable").path("incarnation").asLong() + 1;
        stage.awaitAfter("stable", second - 1);
        stage.kill("stable");
        JsonNode third = stage.awaitAfter("stable", second);

        // when
        Instant stableAt = Instant.parse(third.path("since").asText()).plusMillis(1_500);
        stage.await("stable", "a run of 1.5 s", seen -> Instant.now().isAfter(stableAt));
        stage.kill("stable");

        // then
        assertThat(stage.details("stable", "backing-off", 3))
                .containsExactly("restart 1 in 20 ms", "restart 2 in 60 ms", "restart 1 in 20 ms");
    }

    @Test
    void tooManyEndsWithinTheIntervalAreGivenUpUntilAReset() {
        // given
        stage.start("limited");

        // when
        for (int incarnation = 1; incarnation <= 3; incarnation++) {
            stage.awaitAfter("limited", incarnation - 1);
            stage.kill("limited");
        }
        JsonNode exhausted = stage.await("limited", "exhausted");
        JsonNode reset = stage.order("limited", "reset");

        // then
        assertThat(exhausted.path("reason").asText()).isEqualTo("3 ends within 60 s, the last by SIGKILL");
        assertThat(exhausted.has("nextStart")).isFalse();
        assertThat(exhausted.path("supervisorState").asText()).isEqualTo("FATAL");
        assertThat(reset.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.awaitAfter("limited", 3).path("attempt").asInt()).isZero();
    }

    @Test
    void whatWasGivenUpIsTriedAgainByItselfAfterATime() {
        // given
        stage.submit("retried", "start", "{}");

        // when
        JsonNode exhausted = stage.await("retried", "exhausted");
        stage.write("cured", "");
        JsonNode back = stage.await("retried", "ready");

        // then
        assertThat(exhausted.has("nextStart")).isTrue();
        assertThat(Instant.parse(back.path("since").asText()))
                .isAfterOrEqualTo(Instant.parse(exhausted.path("nextStart").asText()));
        assertThat(stage.service("retried").path("handSet").asBoolean()).isTrue();
    }

    @Test
    void orderedRestartsNeverUseUpTheLimitAndBeginTheDelaysAnew() {
        // given
        stage.start("limited-and-ordered");
        stage.kill("limited-and-ordered");
        stage.awaitAfter("limited-and-ordered", 1);
        stage.kill("limited-and-ordered");
        stage.awaitAfter("limited-and-ordered", 2);

        // when
        for (int i = 0; i < 4; i++) {
            assertThat(stage.order("limited-and-ordered", "restart")
                            .path("outcome")
                            .asText())
                    .isEqualTo("succeeded");
        }
        JsonNode restarted = stage.awaitAfter("limited-and-ordered", 6);
        stage.kill("limited-and-ordered");
        stage.awaitAfter("limited-and-ordered", 7);

        // then
        assertThat(restarted.path("attempt").asInt()).isZero();
        assertThat(stage.details("limited-and-ordered", "backing-off", 3))
                .containsExactly("restart 1 in 10 ms", "restart 2 in 20 ms", "restart 1 in 10 ms");
    }

    @Test
    void anOrderDoesNotWaitForTheEndOfADelay() {
        // given
        stage.submit("waiting-long", "start", "{}");
        JsonNode waiting = stage.await("waiting-long", "backing-off");
        stage.write("repaired", "");

        // when
        JsonNode restart = stage.order("waiting-long", "restart", "{\"wait\":\"ready\"}");

        // then
        assertThat(waiting.path("reason").asText()).isEqualTo("exit code 4");
        assertThat(Instant.parse(waiting.path("nextStart").asText()))
                .isAfter(Instant.now().plus(Duration.ofMinutes(50)));
        assertThat(restart.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(stage.service("waiting-long").path("ready").asBoolean()).isTrue();
    }

    @Test
    void everyRestartSaysWhyAndByWhom() {
        // given
        stage.start("asked");

        // when
        stage.order("asked", "restart", "{\"id\":\"why-1\",\"reason\":\"new pages\",\"requestedBy\":\"somebody\"}");
        stage.awaitAfter("asked", 1);
        stage.kill("asked");
        JsonNode last = stage.awaitAfter("asked", 2);

        // then
        List<Seen> events =
                stage.events("asked", "three starts", all -> times(all, "ready").size() == 3);
        assertThat(events)
                .filteredOn(event -> event.isAbout("why-1") && event.isOutcome())
                .singleElement()
                .satisfies(outcome -> {
                    assertThat(outcome.data().path("reason").asText()).isEqualTo("new pages");
                    assertThat(outcome.data().path("requestedBy").asText()).isEqualTo("somebody");
                });
        assertThat(events)
                .filteredOn(event -> event.type().equals("io.respawn.service.started.v1"))
                .extracting(event -> event.data().path("intent").asText())
                .element(1)
                .isEqualTo("why-1");
        assertThat(events)
                .filteredOn(event -> event.type().equals("io.respawn.service.backing-off.v1"))
                .extracting(event -> event.data().path("exit").asText())
                .containsExactly("SIGKILL");
        assertThat(last.at("/lastExit/status").asText()).isEqualTo("SIGKILL");
        assertThat(last.has("intent")).isFalse();
    }

    private static boolean has(List<Seen> events, String happening) {
        return !times(events, happening).isEmpty();
    }

    private static List<Instant> times(List<Seen> events, String happening) {
        return events.stream()
                .filter(event -> event.type().equals("io.respawn.service." + happening + ".v1"))
                .map(Seen::time)
                .toList();
    }
}
