package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.linux.ProcFs;
import io.respawn.system.Topics.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What services use, as everybody sees it, and what follows when it is too much. */
final class ResourcesScenariosIT {

    private static final long MIB = 1L << 20;

    private static final String SERVICES = """
            known:
              command: [ /bin/sh, -c, 'exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null; i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done; echo done >$STAGE/known; exec sleep 1000' ]
            growing:
              command: [ /bin/sh, -c, 'if [ $RESPAWN_INCARNATION = 1 ]; then (sleep 1; head -c 90M /dev/zero; sleep 1000) | tail -n 1; else exec sleep 1000; fi' ]
              resources: { max-memory: 40MiB, max-memory-grace: 1s }
            stubborn:
              command: [ /bin/sh, -c, '(head -c 90M /dev/zero; sleep 1000) | tail -n 1' ]
              resources: { max-memory: 40MiB, max-memory-grace: 500ms, max-memory-interval: 1h }
            passing:
              command: [ /bin/sh, -c, '(head -c 90M /dev/zero; sleep 3) | tail -n 1 >/dev/null; echo over >$STAGE/passing; exec sleep 1000' ]
              autostart: false
              resources: { max-memory: 40MiB, max-memory-grace: 20s }
            starved:
              command: [ /bin/sh, -c, 'echo $$ >$DOOR; sleep 1.5; mkfifo $STAGE/zeros; cat /dev/zero >$STAGE/zeros & sleep 1; exec tail -c 500M <$STAGE/zeros' ]
              restart: { policy: never }
              autostart: false
            killed:
              command: [ /bin/sh, -c, 'echo $$ >$DOOR; exec sleep 1000' ]
              restart: { policy: never }
              autostart: false
            """;

    @TempDir
    static Path folder;

    private static Optional<MemoryGroup> group = Optional.empty();

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        group = MemoryGroup.make("respawn-scenarios-" + ProcFs.ownPid(), 40 * MIB);
        stage = new Stage(folder, "resources", SERVICES)
                .with("RESPAWN_RESOURCES_INTERVAL", "200ms")
                .with("DOOR", group.map(MemoryGroup::door).orElse("/dev/null"))
                .open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
        group.ifPresent(MemoryGroup::close);
    }

    @Test
    void statusAndMetricsShowWhatAProcessUses() throws IOException {
        // given
        stage.awaitLines("known", 1);

        // when
        int pid = stage.sidecar().pidOf("known");
        JsonNode usage = stage.await(
                        "known",
                        "a look at the process that sleeps",
                        instance -> instance.at("/usage/processes").asInt() == 1
                                && ProcFs.commandLine(pid).orElseThrow().contains("sleep")
                                && Math.abs(instance.at("/usage/memoryBytes").asLong() - resident(pid)) < MIB)
                .path("usage");

        // then
        assertThat(usage.path("threads").asInt()).isEqualTo(1);
        assertThat(usage.path("descriptors").asInt())
                .isEqualTo(descriptors(pid))
                .isEqualTo(7);
        assertThat(usage.path("cpuSeconds").asDouble()).isGreaterThan(0.05).isCloseTo(cpuSeconds(pid), within(0.03));
        String labels = "{service=\"known\",instance=\"0\"";
        assertThat(stage.sidecar().metric("respawn_instance_memory_bytes" + labels))
                .isEqualTo(usage.path("memoryBytes").asDouble());
        assertThat(stage.sidecar().metric("respawn_instance_open_descriptors" + labels))
                .isEqualTo(7);
        assertThat(stage.sidecar().metric("respawn_instance_threads" + labels)).isEqualTo(1);
        assertThat(stage.sidecar().metric("respawn_instance_cpu_seconds_total" + labels))
                .isCloseTo(usage.path("cpuSeconds").asDouble(), within(0.03));
        assertThat(stage.sidecar().management("/q/metrics").body()).doesNotContain("\"" + pid + "\"");
        assertThat(stage.sidecar().cli("status", "known").output())
                .containsPattern("known: memory [0-9.]+ [KM]iB, CPU [0-9.]+ s, 1 process, 1 thread, 7 descriptors, ");
    }

    @Test
    void processorTimeGoesOnOverARestartAndARespawn() throws IOException {
        // given
        stage.awaitLines("known", 1);
        String name = "respawn_instance_cpu_seconds_total{service=\"known\"";
        stage.await(
                "known", "a look", instance -> instance.at("/usage/cpuSeconds").asDouble() > 0.05);
        double before = stage.sidecar().metric(name);

        // when
        stage.sidecar().post("/api/v1/respawn", "{}");
        stage.sidecar().awaitStatus("the new image", ResourcesScenariosIT::isRespawned);
        stage.awaitOpen();
        JsonNode after = stage.await(
                "known", "a look", instance -> instance.path("usage").isObject());

        // then
        assertThat(after.path("incarnation").asInt()).isEqualTo(1);
        assertThat(after.at("/usage/cpuSeconds").asDouble()).isCloseTo(before, within(0.1));
    }

    private static boolean isRespawned(JsonNode status) {
        return status.at("/sidecar/respawns/0/outcome").asText().equals("succeeded");
    }

    @Test
    void whoeverStaysAboveItsMemoryIsRestartedOnceWithTheReason() {
        // when
        JsonNode after = stage.awaitAfter("growing", 1);
        JsonNode intent = stage.outcome("memory/growing/0/1");

        // then
        assertThat(intent.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(intent.path("reason").asText())
                .matches("uses [0-9.]+ MiB of memory, for [0-9]+ s above its limit of 40.0 MiB");
        assertThat(intent.path("requestedBy").asText()).isEqualTo("memory");
        assertThat(after.path("incarnation").asInt()).isEqualTo(2);
        assertThat(after.path("attempt").asInt()).isZero();
        assertThat(after.path("intent").asText()).isEqualTo("memory/growing/0/1");
        List<Seen> events = stage.events(
                "growing",
                "the end of the order",
                all -> all.stream().anyMatch(event -> event.type().equals("io.respawn.intent.succeeded.v1")));
        assertThat(events)
                .filteredOn(event -> event.type().startsWith("io.respawn.intent.accepted"))
                .hasSize(1);
        assertThat(events).noneMatch(event -> event.type().contains("backing-off"));
    }

    @Test
    void whoeverNeedsMoreThanItsLimitIsNotRestartedOverAndOver() throws InterruptedException {
        // given
        stage.awaitAfter("stubborn", 1);
        JsonNode above = stage.await(
                "stubborn",
                "memory above the limit again",
                instance -> instance.at("/usage/memoryBytes").asLong() > 80 * MIB);

        // when
        Thread.sleep(1500);

        // then
        assertThat(above.path("incarnation").asInt()).isEqualTo(2);
        assertThat(stage.sidecar().instance("stubborn").path("incarnation").asInt())
                .isEqualTo(2);
    }

    @Test
    void whoeverIsBrieflyAboveItsMemoryIsLeftAlone() {
        // given
        stage.order("passing", "start");
        stage.await(
                "passing",
                "memory above the limit",
                instance -> instance.at("/usage/memoryBytes").asLong() > 80 * MIB);

        // when
        stage.awaitLines("passing", 1);
        JsonNode after = stage.await(
                "passing",
                "memory below the limit",
                instance -> instance.at("/usage/memoryBytes").asLong() < 10 * MIB);

        // then
        assertThat(after.path("incarnation").asInt()).isEqualTo(1);
        assertThat(after.at("/usage/maxMemoryBytes").asLong()).isEqualTo(40 * MIB);
    }

    @Test
    void theKernelsKillForWantOfMemoryIsToldFromAnyOther() throws IOException {
        // given
        stage.start("killed");
        stage.await("killed", "a look", instance -> instance.path("usage").isObject());

        // when
        stage.kill("killed");
        JsonNode killed = stage.await("killed", "completed");

        // then
        assertThat(killed.at("/lastExit/status").asText()).isEqualTo("SIGKILL");
        assertThat(stage.sidecar().metric("respawn_service_oom_kills_total{service=\"killed\""))
                .isZero();

        // when
        assumeTrue(group.isPresent(), "no control group whose memory may be limited");
        stage.start("starved");
        JsonNode starved = stage.await("starved", "completed");

        // then
        assertThat(starved.at("/lastExit/status").asText()).isEqualTo("SIGKILL (out of memory)");
        assertThat(stage.sidecar().metric("respawn_service_oom_kills_total{service=\"starved\""))
                .isEqualTo(1);
        assertThat(stage.sidecar().metric("respawn_service_oom_kills_total{service=\"killed\""))
                .isZero();
    }

    private static long resident(int pid) {
        String kibibytes = ProcFs.status(pid).orElseThrow().getOrDefault("VmRSS", "0 kB");
        return Long.parseLong(kibibytes.replace("kB", "").strip()) * 1024;
    }

    private static int descriptors(int pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return (int) open.count();
        }
    }

    private static double cpuSeconds(int pid) throws IOException {
        String[] fields = Files.readString(Path.of("/proc/" + pid + "/stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }
}
