package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Real processes by the clock: restarts, jobs and ages, over a respawn, a reload and a time without a sidecar. */
final class SchedulesScenariosIT {

    private static final Duration LONG = Duration.ofSeconds(40);

    private static final String BY_THE_CLOCK = """
            web: { command: %1$s, schedule: { restart: every 3s } }
            job:
              command: %2$s
              restart: { policy: never }
              schedule: { run: "*/2 * * * * *", time-zone: Europe/Berlin }
            queueing:
              command: %3$s
              restart: { policy: never }
              schedule: { run: every 2s, overlap: queue }
            replacing:
              command: %1$s
              restart: { policy: never }
              schedule: { run: every 2s, overlap: replace }
            aged: { command: %1$s, instances: 2, schedule: { max-age: 5s, max-age-spread: 3s } }
            elder: { command: [ sleep, "1000" ], schedule: { max-age: 1h, max-age-spread: 30m } }
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /** A program that notes its start, goes on like this, and notes its end if it comes to it. */
    private String program(String name, String rest) throws IOException {
        Path script = folder.resolve(name + ".sh");
        String line = "$RESPAWN_SERVICE $RESPAWN_INSTANCE $RESPAWN_INCARNATION ${RESPAWN_INTENT:--}";
        Files.writeString(
                script,
                "echo \"begin " + line + "\" >> '" + notes() + "'\n" + rest + "\necho \"end " + line + "\" >> '"
                        + notes() + "'\n");
        return "[ /bin/sh, '" + script + "' ]";
    }

    private Path notes() {
        return folder.resolve("notes");
    }

    /** What was noted of a service, a line each, such as {@code begin 0 2 schedule/web/2026-01-01T00:00:00Z}. */
    private List<String> notes(String service) {
        List<String> lines = new ArrayList<>();
        try {
            for (String line : Files.exists(notes()) ? Files.readAllLines(notes()) : List.<String>of()) {
                String[] words = line.split(" ", 3);
                if (words[1].equals(service)) {
                    lines.add(words[0] + " " + words[2]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    /** The orders that its processes were started for, but for those that nobody ordered. */
    private List<String> orders(String service) {
        return notes(service).stream()
                .filter(line -> line.startsWith("begin "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .filter(intent -> !intent.equals("-"))
                .toList();
    }

    private void awaitOrders(String service, int count) {
        await(count + " orders of " + service)
                .atMost(LONG)
                .untilAsserted(() -> assertThat(orders(service)).hasSizeGreaterThanOrEqualTo(count));
    }

    private static JsonNode schedule(RunningSidecar sidecar, String service) {
        return sidecar.json("/api/v1/services/" + service).path("schedule");
    }

    @Test
    void restartsJobsAndAgesComeByTheClockAndARespawnDoublesNone() throws IOException {
        String lasting = program("lasting", "exec sleep 1000");
        try (RunningSidecar sidecar = new RunningSidecar(
                        folder,
                        "by-the-clock",
                        BY_THE_CLOCK.formatted(lasting, program("job", "sleep 3"), program("queueing", "sleep 3")))
                .with("RESPAWN_BUDGET_PERMITS", "100")) {
            // given
            sidecar.start().awaitStatus("readiness", status -> sidecar.isReady("elder"));
            int elder = sidecar.pidOf("elder");
            String tooOld = schedule(sidecar, "elder").path("tooOld").asText();
            awaitOrders("web", 1);
            awaitOrders("job", 2);
            awaitOrders("queueing", 2);
            awaitOrders("replacing", 2);

            // when
            assertThat(sidecar.cli("respawn", "--wait").exitCode()).isZero();
            int web = orders("web").size();
            int jobs = orders("job").size();
            int aged = orders("aged").size();
            int queued = orders("queueing").size();
            int replaced = orders("replacing").size();
            awaitOrders("web", web + 2);
            awaitOrders("job", jobs + 2);
            awaitOrders("queueing", queued + 2);
            awaitOrders("replacing", replaced + 2);
            awaitOrders("aged", aged + 2);

            // then
            assertThat(orders("web")).doesNotHaveDuplicates().allMatch(id -> id.matches("schedule/web/20.*Z"));
            assertThat(orders("job")).doesNotHaveDuplicates().allMatch(id -> id.matches("schedule/job/20.*[02468]Z"));
            assertThat(orders("aged")).doesNotHaveDuplicates().allMatch(id -> id.matches("schedule/aged/20.*Z/[01]"));
            assertOverlaps(sidecar);
            assertThat(sidecar.pidOf("elder")).isEqualTo(elder);
            assertThat(schedule(sidecar, "elder").path("tooOld").asText()).isEqualTo(tooOld);

            assertSeen(sidecar);

            // when it crashes
            sidecar.kill();
            sidecar.start().awaitStatus("readiness", status -> sidecar.isReady("elder"));

            // then
            assertThat(schedule(sidecar, "elder").path("tooOld").asText()).isEqualTo(tooOld);
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    /** A time that comes while the last run is not over is skipped, waited with, or ends that run. */
    private void assertOverlaps(RunningSidecar sidecar) throws IOException {
        runOneAfterTheOther(notes("job"));
        runOneAfterTheOther(notes("queueing"));
        assertThat(orders("queueing")).doesNotHaveDuplicates();
        assertThat(sidecar.text("/api/v1/intents?service=queueing")).doesNotContain("the run before it is not over");
        assertThat(orders("replacing")).doesNotHaveDuplicates();
        assertThat(notes("replacing")).noneMatch(line -> line.startsWith("end "));
        assertThat(sidecar.text("/api/v1/intents?service=job"))
                .contains("skipped: the run before it is not over", "counts from now on: run */2 * * * * * in");
    }

    private static void assertSeen(RunningSidecar sidecar) throws IOException {
        assertThat(schedule(sidecar, "job").at("/last/planned").asText()).matches("20.*Z");
        assertThat(Instant.parse(schedule(sidecar, "job").path("next").asText()))
                .isAfter(Instant.now().minusSeconds(5));
        assertThat(sidecar.metric("respawn_schedule_next_timestamp_seconds{service=\"job\""))
                .isGreaterThan(1.7e9);
        assertThat(sidecar.metric("respawn_schedule_last_timestamp_seconds{service=\"web\""))
                .isGreaterThan(1.7e9);
        assertThat(sidecar.cli("status", "job").output()).contains("job: start planned for 20", "job: next at 20");
    }

    private static void runOneAfterTheOther(List<String> notes) {
        for (int i = 0; i + 1 < notes.size(); i += 2) {
            assertThat(notes.get(i)).as("%s", notes).startsWith("begin ");
            assertThat(notes.get(i + 1))
                    .as("%s", notes)
                    .isEqualTo("end" + notes.get(i).substring("begin".length()));
        }
    }

    @Test
    void whatFallsIntoATimeWithoutSidecarIsSkippedOrMadeUpForByRule() throws IOException {
        String job = program("short", "true");
        try (RunningSidecar sidecar = new RunningSidecar(folder, "missed", services(job, "0 0 1 1 *"))) {
            // given
            sidecar.start().awaitStatus("readiness", status -> sidecar.isReady("web"));
            int web = sidecar.pidOf("web");
            assertThat(schedule(sidecar, "skipping").path("next").asText()).endsWith("-01-01T00:00:00Z");

            // when another time is planned, and the sidecar is gone by then
            Instant planned = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(6);
            ZonedDateTime clock = planned.atZone(ZoneOffset.UTC);
            String cron = "%d %d %d * * *".formatted(clock.getSecond(), clock.getMinute(), clock.getHour());
            Files.writeString(
                    sidecar.configuration(),
                    "respawn:\n  id: missed\n  services:\n"
                            + services(job, cron).indent(4));
            sidecar.signal("HUP");
            sidecar.awaitStatus(
                    "the new timetable",
                    status ->
                            schedule(sidecar, "making-up").path("next").asText().equals(planned.toString())
                                    && sidecar.json("/api/v1/intents")
                                            .toString()
                                            .contains("counts from now on: run " + cron));
            sidecar.kill();
            assertThat(Instant.now()).isBefore(planned);
            await("the planned time, and more")
                    .atMost(LONG)
                    .until(() -> Instant.now().isAfter(planned.plusSeconds(2)));
            assertThat(orders("making-up")).isEmpty();
            sidecar.start();
            sidecar.awaitStatus(
                    "an end of both",
                    status -> outcome(sidecar, "skipping").equals("expired")
                            && outcome(sidecar, "making-up").equals("succeeded"));

            // then
            String id = "schedule/making-up/" + planned;
            await("its run").atMost(LONG).until(() -> !orders("making-up").isEmpty());
            assertThat(orders("making-up")).containsExactly(id);
            assertThat(orders("skipping")).isEmpty();
            assertThat(sidecar.text("/api/v1/intents")).contains("made up for", "skipped", "missed by ");
            assertThat(sidecar.pidOf("web")).isEqualTo(web);

            // when
            assertThat(sidecar.cli("respawn", "--wait").exitCode()).isZero();
            sidecar.awaitStatus("readiness", status -> sidecar.isReady("web"));

            // then it is not done once more
            assertThat(schedule(sidecar, "making-up").at("/last/id").asText()).isEqualTo(id);
            assertThat(orders("making-up")).containsExactly(id);
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    private static String services(String job, String run) {
        return """
                web: { command: [ sleep, "1000" ] }
                skipping:
                  command: %1$s
                  restart: { policy: never }
                  schedule: { run: "%2$s", missed-after: 1s }
                making-up:
                  command: %1$s
                  restart: { policy: never }
                  schedule: { run: "%2$s", missed-after: 1s, missed: once }
                """.formatted(job, run);
    }

    private static String outcome(RunningSidecar sidecar, String service) {
        return schedule(sidecar, service).at("/last/outcome").asText();
    }
}
