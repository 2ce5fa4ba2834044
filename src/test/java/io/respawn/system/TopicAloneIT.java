package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The new image finds neither a capsule nor a local journal: what it knows is from the compacted topic alone. They are
 * taken away at the last moment before {@code execve}, when the old image cannot write anything any more.
 */
final class TopicAloneIT {

    private static final int LIVES = Integer.getInteger("respawn.topic-lives", 3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    @Timeout(1800)
    void newImageGoesOnFromTheTopicAlone() throws IOException {
        Path taken = folder.resolve("taken");
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
                Load load = new Load(folder, "forgetful", broker)) {
            RunningSidecar sidecar = load.sidecar();
            // given
            AtExecve atExecve = AtExecve.of(sidecar, folder);
            load.begin();
            long pid = sidecar.pid();
            long epoch = sidecar.status().at("/sidecar/epoch").asLong();

            // when
            atExecve.run("""
                    cd '%s' && rm journal-*.log capsule && rm -f snapshot-* && for fd in /proc/$1/fd/*; do
                      case $(readlink "$fd") in
                        /memfd:respawn-capsule*) : > "$fd" && echo one >> '%s' ;;
                      esac
                    done
                    """.formatted(sidecar.stateDirectory(), taken));
            for (int life = 1; life <= LIVES; life++) {
                load.order("order-" + life);
                load.killVictim();
                String id = "respawn-" + life;
                sidecar.post("/api/v1/respawn", "{\"id\":\"" + id + "\"}");
                // It is at most once, and nobody knows how far it came: so it has to say.
                List<Seen> told = load.topics().awaitOutcome(sidecar.id(), id);
                assertThat(told.getLast().happening()).isEqualTo("failed");
                assertThat(told.getLast().data().path("detail").asText()).startsWith("interrupted: ");
                sidecar.awaitLive();
            }

            // then
            assertThat(Files.readAllLines(taken)).hasSize(LIVES);
            assertThat(Files.readString(sidecar.log()).split("Cannot go on from the capsule's copy", -1))
                    .hasSize(LIVES + 1);
            assertThat(sidecar.pid()).isEqualTo(pid);
            assertThat(sidecar.isAlive()).isTrue();
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(epoch + LIVES);
            load.assertOrders(0);
            load.assertCalm();
            load.settle();
            load.assertFold();
            assertThat(sidecar.terminate().exitCode()).isZero();
            assertThat(Tagged.of(sidecar.id())).isEmpty();
            load.assertLines(false);
        }
    }
}
