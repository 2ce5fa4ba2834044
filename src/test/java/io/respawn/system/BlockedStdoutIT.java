package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log that nobody reads: the standard output of the sidecar is a full pipe. */
@Timeout(90)
final class BlockedStdoutIT {

    /** Of 64 KiB in sixteen pages; a piece that does not fit into the rest of a page begins another one. */
    private static final int AT_LEAST_HALF = 32 * 1024;

    private static final String TALKS = "head -c 300000 /dev/zero | tr '\\\\0' x | fold -w 100; exec sleep 1000";

    @TempDir
    Path folder;

    @Test
    void doesNotHoldUpSupervisionNorTheEndOfIt() {
        // given
        try (var sidecar = new RunningSidecar(
                        folder, "unheard", """
                        web: { command: %s }
                        talker: { command: [ /bin/sh, -c, "%s" ] }
                        """.formatted(new Scripts(folder, "unheard").willing(), TALKS))
                .unread()
                .start()
                .awaitReady()) {
            await("a pipe that takes no more")
                    .atMost(Duration.ofSeconds(20))
                    .during(Duration.ofSeconds(1))
                    .until(fullPipe(sidecar));

            // when
            for (int incarnation = 1; incarnation <= 3; incarnation++) {
                JsonNode before = sidecar.instance("web");
                ProcessHandle.of(before.path("pid").asLong()).orElseThrow().destroyForcibly();
                sidecar.awaitStatus(
                        "a new process",
                        status -> sidecar.instance("web").path("incarnation").asLong()
                                        > before.path("incarnation").asLong()
                                && sidecar.instance("web")
                                        .path("state")
                                        .asText()
                                        .equals("ready"));
            }

            // then
            assertThat(sidecar.instance("web").path("incarnation").asLong()).isEqualTo(4);
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    @Test
    void dropsLinesOfItsOwnLogCountsThemAndSaysHowManyWhenItIsReadAgain() throws Exception {
        // given a service that ends at once, again and again, with four lines in the log each time
        try (var sidecar = new RunningSidecar(folder, "chatty", """
                        ill: { command: [ /bin/true ], restart: { backoff: { delay: 1ms, factor: 1, limit: 1ms } } }
                        web: { command: %s }
                        """.formatted(new Scripts(folder, "chatty").willing()))
                .with("RESPAWN_BUDGET_PERMITS", "100000")
                .with("RESPAWN_BUDGET_BURST", "100000")
                .unread()
                .start()) {
            // when
            sidecar.awaitStatus("readiness", status -> sidecar.isReady("web"));
            await("more lines than may wait")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> sidecar.metric("respawn_log_lines_dropped_total") > 100);

            // then
            assertThat(sidecar.awaitLine("lines of this log were dropped"))
                    .contains("WARN")
                    .contains("[LogRing]");
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    /** Whether as much waits in the pipe as at the last question, of what is three times as much as it holds. */
    private static Callable<Boolean> fullPipe(RunningSidecar sidecar) {
        AtomicInteger last = new AtomicInteger();
        return () -> {
            int waiting = sidecar.waiting();
            return last.getAndSet(waiting) == waiting && waiting > AT_LEAST_HALF;
        };
    }
}
