package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar is killed in the middle of its work and started afresh, again and again. */
final class CrashRoadIT {

    private static final int LIVES = Integer.getInteger("respawn.kills", 5);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    @Timeout(1800)
    void freshStartsUnderLoadLoseNothingAndNoServiceNotices() throws IOException {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
                Load load = new Load(folder, "crashes", broker);
                Sampling sampling = new Sampling("crashes", Duration.ofMillis(40))) {
            RunningSidecar sidecar = load.sidecar();
            // given
            load.begin();
            long epoch = sidecar.status().at("/sidecar/epoch").asLong();

            // when
            for (int life = 1; life <= LIVES; life++) {
                load.order("under-way-" + life);
                load.awaitKnownVictim();
                sidecar.kill();
                load.order("queued-" + life);
                if (life % 2 == 0) {
                    load.killVictim();
                }
                sidecar.start().awaitLive();
                if (life % 2 == 1) {
                    load.killVictim();
                }
            }

            // then
            // A death may cut off one start of each of the two services between its note and its process.
            load.assertOrders(2 * LIVES);
            load.assertCalm();
            load.settle();
            load.assertFold();
            // Who ends while nobody watches takes along how.
            load.assertEnds(LIVES);
            sampling.stop();
            assertThat(sampling.doubled()).isEmpty();
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(epoch + LIVES);
            assertThat(sidecar.terminate().exitCode()).isZero();
            assertThat(Tagged.of(sidecar.id())).isEmpty();
            load.assertLines(false);
        }
    }
}
