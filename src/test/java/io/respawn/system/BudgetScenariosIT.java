package io.respawn.system;

import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Topics.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many services fail, or start, at once. */
final class BudgetScenariosIT {

    private static final int FAILING = 8;
    private static final Duration SPACING = Duration.ofMillis(250);

    private static final String SERVICES = """
            ordered: { command: [ /bin/sleep, "1000" ] }
            # Each needs a file to be ready.
            starting-1: &starting
              command: [ /bin/sleep, "1000" ]
              autostart: false
              readiness-probe: { exec: { command: [ /bin/sh, -c, '[ -f $STAGE/$RESPAWN_SERVICE ]' ] }, period: 50ms }
            starting-2: *starting
            starting-3: *starting
            """;

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        StringBuilder services = new StringBuilder(SERVICES);
        IntStream.rangeClosed(1, FAILING)
                .forEach(i -> services.append(
                        "failing-%1$d: { command: [ /bin/sleep, '1000' ], priority: %1$d, restart: { backoff: { delay: 1ms } } }\n"
                                .formatted(i)));
        stage = new Stage(folder, "budget", services.toString())
                .with("RESPAWN_BUDGET_PERMITS", "4")
                .with("RESPAWN_BUDGET_INTERVAL", "1s")
                .with("RESPAWN_BUDGET_BURST", "1")
                .with("RESPAWN_BUDGET_MAX_STARTING", "2")
                .open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
    }

    @Test
    void failuresAtOnceAreReleasedByPriorityAndOrdersDoNotWaitForThem() {
        // given
        List<String> failing =
                IntStream.rangeClosed(1, FAILING).mapToObj(i -> "failing-" + i).toList();
        List<Integer> pids = failing.stream()
                .map(service -> stage.await(service, "ready").path("pid").asInt())
                .toList();

        // when
        // The first of them goes at once.
        pids.reversed().forEach(Stage::kill);
        JsonNode queued = stage.await("failing-1", "waiting");
        JsonNode ordered = stage.order("ordered", "restart");
        failing.forEach(service -> stage.awaitAfter(service, 1));

        // then
        List<Seen> restarts = restarts(stage.topics()
                .awaitEvents("all starts", "budget", all -> restarts(all).size() == FAILING));
        assertThat(restarts.subList(1, FAILING))
                .extracting(Seen::subject)
                .isSortedAccordingTo(Comparator.reverseOrder());
        Instant first = restarts.getFirst().time();
        assertThat(IntStream.range(1, FAILING))
                .allSatisfy(
                        i -> assertThat(Duration.between(first, restarts.get(i).time()))
                                .isGreaterThan(SPACING.multipliedBy(i).minusMillis(100)));
        assertThat(Duration.between(first, restarts.getLast().time())).isLessThan(SPACING.multipliedBy(2 * FAILING));
        assertThat(queued.path("reason").asText()).matches("number [2-8] in the queue of the budget");
        assertThat(Instant.parse(queued.path("nextStart").asText()))
                .isCloseTo(restarts.getLast().time(), within(600, MILLIS));
        assertThat(ordered.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(Instant.parse(ordered.path("endedAt").asText()))
                .isBefore(restarts.getLast().time());
    }

    @Test
    void noMoreThanSoManyStartAtATimeAndOneThatIsReadyMakesPlace() {
        // given
        List<String> services = List.of("starting-1", "starting-2", "starting-3");

        // when
        List<String> orders = services.stream()
                .map(service -> stage.submit(service, "start", "{\"wait\":\"ready\"}"))
                .toList();
        stage.awaitService("starting-1", "two that start", seen -> states().equals("running running waiting"));
        String reason = stage.sidecar().instance("starting-3").path("reason").asText();
        stage.write("starting-1", "");
        stage.awaitService("starting-3", "its start", seen -> states().equals("ready running running"));
        stage.write("starting-2", "");
        stage.write("starting-3", "");

        // then
        assertThat(reason).startsWith("number 1 in the queue of the budget");
        assertThat(orders)
                .allSatisfy(
                        order -> assertThat(stage.outcome(order).path("outcome").asText())
                                .isEqualTo("succeeded"));
    }

    private static List<Seen> restarts(List<Seen> all) {
        return all.stream()
                .filter(event -> event.subject().startsWith("budget/failing-")
                        && event.type().equals("io.respawn.service.started.v1")
                        && event.data().path("incarnationAfter").asInt() == 2)
                .toList();
    }

    private static String states() {
        return StreamSupport.stream(stage.sidecar().status().path("services").spliterator(), false)
                .filter(service -> service.path("name").asText().startsWith("starting-"))
                .map(service -> service.path("state").asText())
                .reduce((first, second) -> first + " " + second)
                .orElseThrow();
    }
}
