package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.testing.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may come in between while the sidecar becomes a new image. */
final class RespawnTroubleIT {

    private static final int SIGNALS = Integer.getInteger("respawn.signals", 4);

    /** About how long a respawn takes, from the order to the answering API. */
    private static final Duration RESPAWN = Duration.ofMillis(2500);

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    @Timeout(1800)
    void signalsAtAnyMomentAreNeitherLostNorFatal() {
        for (int i = 0; i < SIGNALS; i++) {
            try (RunningSidecar sidecar =
                    new RunningSidecar(folder, "signals-" + i, "web: { command: [ sleep, \"1000\" ] }\n")) {
                // given
                sidecar.start().awaitReady();
                Instant moment = Instant.now().plus(RESPAWN.multipliedBy(i).dividedBy(SIGNALS));
                sidecar.post("/api/v1/respawn", "{}");
                await("a moment of the respawn")
                        .pollDelay(Duration.ZERO)
                        .until(() -> Instant.now().isAfter(moment));

                // when
                sidecar.signal("HUP");
                sidecar.signal("TERM");
                Programs.Ended ended = sidecar.awaitEnd();

                // then
                assertThat(ended.exitCode()).as(ended.output()).isZero();
                assertThat(ended.output())
                        .contains("sidecar stopped detail=\"SIGTERM from pid ", "action=reload reason=SIGHUP");
                assertThat(Tagged.of(sidecar.id())).isEmpty();
            }
        }
    }

    @Test
    @Tag("jvm")
    void servicesRunOnWithoutTheFrameworkUntilAnImageHasIt() throws IOException {
        Path program = RespawnRefusalIT.copy(folder.resolve("program"));
        Path options = program.resolve("lib/jvm.options");
        String asBefore = Files.readString(options);
        int taken = LoopbackPorts.free();
        try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
                RunningSidecar sidecar = new RunningSidecar(
                                folder, "headless", "web: { command: [ sleep, \"1000\" ] }\n")
                        .by(program.resolve("bin/respawn").toString())) {
            // given
            sidecar.start().awaitReady();
            int web = sidecar.pidOf("web");
            RespawnRefusalIT.replace(options, asBefore + "\n-Dquarkus.http.port=" + other.getLocalPort() + "\n");

            // when
            sidecar.signal("USR1");
            awaitLog(sidecar, "becomes another image (1 of 3)");
            RespawnRefusalIT.replace(options, asBefore);

            // then
            sidecar.awaitReady();
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    private static void awaitLog(RunningSidecar sidecar, String words) {
        await(words)
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(sidecar.log()).contains(words));
    }
}
