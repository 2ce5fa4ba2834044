package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program whose loading hangs in the kernel: neither the others nor the end of the sidecar wait for it. */
@Timeout(120)
final class HungStartIT {

    @TempDir
    Path folder;

    @BeforeEach
    void mayHold() {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root may hold the start of a program");
    }

    @Test
    void othersGoOnAndItIsTriedAgainWhenItsTimeIsOver() throws Exception {
        try (var held = new HeldExec(folder);
                var sidecar = new RunningSidecar(
                        folder, "patient", """
                        web: { command: %s, restart: { backoff: { delay: 100ms } } }
                        stuck: { command: [ '%s', '1000' ], start-timeout: 4s, restart: { backoff: { delay: 300ms } } }
                        """.formatted(new Scripts(folder, "patient").willing(), held.program()))) {
            // given
            sidecar.start().awaitStatus("the API", status -> true);
            held.awaitCaught();

            // when
            sidecar.awaitStatus("the other one", status -> sidecar.isReady("web"));
            int web = sidecar.pidOf("web");
            ProcessHandle.of(web).orElseThrow().destroyForcibly();
            sidecar.awaitStatus("its return", status -> sidecar.isReady("web") && sidecar.pidOf("web") != web);
            await("that it is given up")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> Files.readString(sidecar.log())
                            .contains("Cannot wait any longer for the start of stuck/0: loading its program hangs"));
            held.letGo();

            // then
            sidecar.awaitStatus("readiness", status -> sidecar.isReady("stuck"));
            assertThat(Tagged.of(sidecar.id()))
                    .filteredOn(each -> each.service().equals("stuck"))
                    .hasSize(1);
            assertThat(sidecar.fault("spawn-hung")).isPositive();
            assertThat(sidecar.terminate().exitCode()).isZero();
            assertThat(Tagged.of(sidecar.id())).isEmpty();
        }
    }

    @Test
    void secondTermEndsTheSidecarAndLeavesNothingOfIt() throws Exception {
        try (var held = new HeldExec(folder);
                var sidecar = new RunningSidecar(folder, "leaving-twice", """
                        stuck: { command: [ '%s', '1000' ], start-timeout: 100s }
                        """.formatted(held.program()))) {
            // given
            sidecar.start().awaitStatus("the API", status -> true);
            held.awaitCaught();
            Instant first = Instant.now();
            sidecar.signal("TERM");
            await("two seconds").until(() -> Instant.now().isAfter(first.plusMillis(2_200)));
            boolean waited = sidecar.isAlive();

            // when
            Instant second = Instant.now();
            sidecar.signal("TERM");
            int exitCode = sidecar.awaitEnd().exitCode();

            // then
            assertThat(waited).isTrue();
            assertThat(exitCode).isZero();
            assertThat(Duration.between(second, Instant.now())).isLessThan(Duration.ofSeconds(6));
            held.letGo();
            assertThat(Tagged.of(sidecar.id())).isEmpty();
            assertThat(ProcessHandle.allProcesses()
                            .filter(each -> each.info()
                                    .command()
                                    .orElse("")
                                    .equals(held.program().toString())))
                    .isEmpty();
        }
    }
}
