package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Topics.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for whom on the way up and on the way down. */
final class TiesScenariosIT {

    private static final String SERVICES = """
            # What each waits for is said by the test.
            base:
              command: [ /bin/sleep, "1000" ]
              readiness-probe: { exec: { command: [ /bin/sh, -c, '[ -f $STAGE/base-ready ]' ] }, period: 50ms }
            on-started: { command: [ /bin/sleep, "1000" ], depends-on: { base: started } }
            on-ready: { command: [ /bin/sleep, "1000" ], depends-on: { base: ready } }
            task:
              command: [ /bin/sh, -c, 'while ! [ -s $STAGE/task-code ]; do sleep 0.05; done; exit $(cat $STAGE/task-code)' ]
              restart: { policy: never }
            on-completed: { command: [ /bin/sleep, "1000" ], depends-on: { task: completed } }
            on-success: { command: [ /bin/sleep, "1000" ], depends-on: { task: completed-successfully } }

            # Two lanes of which one never gets anywhere.
            left-1: { command: [ /bin/false ], restart: { policy: never } }
            left-2: { command: [ /bin/sleep, "1000" ], depends-on: { left-1: completed-successfully } }
            right-1: { command: [ /bin/sleep, "1000" ] }
            right-2: { command: [ /bin/sleep, "1000" ], depends-on: { right-1: ready } }
            right-3: { command: [ /bin/sleep, "1000" ], after: [ left-1, right-2 ] }

            store: { command: [ /bin/sleep, "1000" ], restart: { scope: dependents, backoff: { delay: 10ms } } }
            shop: { command: [ /bin/sleep, "1000" ], depends-on: { store: ready } }
            page: { command: [ /bin/sleep, "1000" ], depends-on: { shop: ready } }
            beside: { command: [ /bin/sleep, "1000" ], after: [ store ] }

            # Each needs 0.7 s to go.
            slow-base: &slow
              command: [ /bin/sh, -c, 'trap "sleep 0.7; exit 0" TERM; echo >> $STAGE/armed; while :; do sleep 0.05; done' ]
            slow-1: { <<: *slow, depends-on: { slow-base: started } }
            slow-2: { <<: *slow, depends-on: { slow-base: started } }
            slow-3: { <<: *slow, after: [ slow-base ] }
            """;

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(folder, "ties", SERVICES).open();
    }

    /** Leaving is the last scenario of all. */
    @AfterAll
    static void stopsInReverseAndSideBySideAndNothingIsLeft() {
        // given
        stage.awaitLines("armed", 4);

        // when
        stage.leave();

        // then
        List<Seen> events = stage.topics().events("ties");
        Instant base = time(events, "slow-base", "stopping");
        assertThat(List.of("slow-1", "slow-2", "slow-3"))
                .allSatisfy(
                        service -> assertThat(time(events, service, "stopped")).isBeforeOrEqualTo(base));
        assertThat(Duration.between(time(events, "slow-1", "stopping"), base))
                .as("three times 0.7 s, side by side")
                .isBetween(Duration.ofMillis(700), Duration.ofMillis(2_000));
        assertThat(time(events, "page", "stopped")).isBeforeOrEqualTo(time(events, "shop", "stopping"));
        assertThat(time(events, "shop", "stopped")).isBeforeOrEqualTo(time(events, "store", "stopping"));
    }

    @Test
    void everyConditionHoldsItsServiceBackUntilItIsTrue() {
        // given
        stage.await("on-started", "ready");
        JsonNode onReady = stage.service("on-ready");
        JsonNode onCompleted = stage.service("on-completed");
        JsonNode onSuccess = stage.service("on-success");

        // when
        stage.write("base-ready", "");
        stage.write("task-code", "3");
        stage.await("on-ready", "ready");
        stage.await("on-completed", "ready");
        JsonNode afterFailure = stage.service("on-success");
        stage.write("task-code", "0");
        stage.order("task", "restart");

        // then
        stage.await("on-success", "ready");
        assertThat(reason(onReady)).isEqualTo("waits for 'base' to be ready");
        assertThat(reason(onCompleted)).isEqualTo("waits for 'task' to be completed");
        assertThat(reason(onSuccess)).isEqualTo("waits for 'task' to be completed-successfully");
        assertThat(reason(afterFailure)).isEqualTo("waits for 'task' to be completed-successfully");
    }

    @Test
    void aLaneThatFailsHoldsUpNoOther() {
        // when
        stage.await("left-1", "completed");

        // then
        stage.await("right-2", "ready");
        assertThat(reason(stage.service("left-2"))).isEqualTo("waits for 'left-1' to be completed-successfully");
    }

    @Test
    void comingAfterAnotherIsNoNeedForIt() {
        // when
        stage.await("left-1", "completed");
        stage.await("right-3", "ready");

        // then
        List<Seen> events = stage.events("right-3", "its start", all -> !all.isEmpty());
        Instant second = stage.events("right-2", "it being ready", all -> all.size() >= 2)
                .get(1)
                .time();
        assertThat(events.getFirst().time()).isAfterOrEqualTo(second);
    }

    @Test
    void dependentsAreRestartedWithWhatTheyNeedAndNobodyElseIs() {
        // given
        stage.await("page", "ready");
        int beside = stage.await("beside", "ready").path("pid").asInt();

        // when
        stage.kill("store");
        stage.awaitAfter("store", 1);
        JsonNode shop = stage.awaitAfter("shop", 1);

        // then
        assertThat(shop.path("incarnation").asInt()).isEqualTo(2);
        assertThat(stage.sidecar().pidOf("beside")).isEqualTo(beside);
        assertThat(stage.details("shop", "exited", 1)).hasSize(1);
        assertThat(stage.sidecar().instance("page").path("incarnation").asInt()).isEqualTo(1);
    }

    @Test
    void aCycleIsRefusedAndNamed() throws IOException {
        // given
        Path file = folder.resolve("cycle.yaml");
        Files.writeString(file, """
                respawn:
                  id: cycle
                  services:
                    hen: { command: [ /bin/true ], depends-on: { egg: ready } }
                    egg: { command: [ /bin/true ], after: [ nest ] }
                    nest: { command: [ /bin/true ], depends-on: { hen: started } }
                """);

        // when
        Programs.Ended check = stage.sidecar().cli("check", "--config", file.toString());
        Programs.Ended run = stage.sidecar().cli("run", "--config", file.toString());

        // then
        assertThat(check.exitCode()).isEqualTo(2);
        assertThat(check.output())
                .contains("Cannot order the services: they wait for each other in a cycle, egg -> nest -> hen -> egg");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(Tagged.of("cycle")).isEmpty();
    }

    private static String reason(JsonNode service) {
        return service.at("/instances/0/reason").asText();
    }

    /** When something happened to a service for the last time. */
    private static Instant time(List<Seen> events, String service, String happening) {
        return events.stream()
                .filter(event -> event.subject().equals("ties/" + service)
                        && event.type().equals("io.respawn.service." + happening + ".v1"))
                .map(Seen::time)
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new AssertionError("Cannot find " + happening + " of " + service));
    }
}
