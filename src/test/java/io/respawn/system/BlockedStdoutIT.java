package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log that nobody reads: the standard output of the sidecar is a full pipe. */
@Timeout(90)
final class BlockedStdoutIT {

    /** Of 64 KiB; a line that does not fit as a whole waits. */
    private static final int FULL = 56 * 1024;

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
            await("a full pipe").atMost(Duration.ofSeconds(20)).until(() -> sidecar.waiting() > FULL);

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
}
