package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The heap of the sidecar's virtual machine, taken to the last byte by an agent for some seconds. */
@Tag("jvm")
@Timeout(180)
final class FullHeapIT {

    private static final int SECONDS = 6;

    @TempDir
    Path folder;

    @Test
    void losesNoExitNoTimerAndNoThreadAndSaysWhatWasTheMatter() throws Exception {
        Path order = folder.resolve("take-the-heap");
        try (var sidecar = new RunningSidecar(folder, "hungry", """
                        web: { command: %1$s }
                        ill: { command: [ /bin/false ], restart: { backoff: { delay: 200ms, factor: 1 } } }
                        probed:
                          command: %1$s
                          liveness-probe: { exec: { command: [ /bin/true ] }, period: 200ms, failure-threshold: 3 }
                        """.formatted(new Scripts(folder, "hungry").willing()))
                .with("RESPAWN_JAVA_OPTS", HeapHog.option(folder, SECONDS, order))
                .with("RESPAWN_BUDGET_PERMITS", "10000")
                .with("RESPAWN_BUDGET_BURST", "10000")
                .start()) {
            // given
            sidecar.awaitStatus("readiness", status -> sidecar.isReady("web") && sidecar.isReady("probed"));
            int web = sidecar.pidOf("web");
            int probed = sidecar.pidOf("probed");

            // when the heap is full, and an exit and many timers fall into that time
            Files.createFile(order);
            await("the line that says so")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Files.readString(sidecar.log())
                            .contains("Cannot allocate memory in the sidecar's Java heap"));
            ProcessHandle.of(web).orElseThrow().destroyForcibly();
            await("an end of it").atMost(Duration.ofSeconds(60)).until(() -> !Files.exists(order));

            // then
            sidecar.awaitStatus("its return", status -> sidecar.isReady("web") && sidecar.pidOf("web") != web);
            long restarts = sidecar.instance("ill").path("incarnation").asLong();
            sidecar.awaitStatus(
                    "timers that go on",
                    status -> sidecar.instance("ill").path("incarnation").asLong() > restarts + 3);
            assertThat(sidecar.pidOf("probed")).isEqualTo(probed);
            assertThat(sidecar.cli("restart", "probed", "--wait").exitCode()).isZero();
            assertThat(sidecar.management("/q/health/ready").statusCode()).isEqualTo(200);
            assertThat(sidecar.fault("out-of-memory")).isPositive();
            await("the end of it in words")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> Files.readString(sidecar.log()).contains("it was short"));
            assertThat(sidecar.threads())
                    .containsAll(List.of(
                            "respawn-loop", "respawn-spawner", "respawn-output", "respawn-console", "respawn-log"));
            assertThat(sidecar.terminate().exitCode()).isZero();
            assertThat(Tagged.of(sidecar.id())).isEmpty();
        }
    }
}
