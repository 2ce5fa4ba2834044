package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar becomes a new image again and again, in the middle of its work. */
final class RespawnIT {

    private static final int LIVES = Integer.getInteger("respawn.lives", 5);

    /** From here on what it holds is looked at closely. */
    private static final int WARM = 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    @AutoClose
    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start(folder.resolve("broker"));
    }

    @Test
    @Timeout(1800)
    void respawnsUnderLoadLoseNothingAndNoServiceNotices() throws IOException {
        try (Load load = new Load(folder, "load", broker)) {
            RunningSidecar sidecar = load.sidecar();
            // given
            load.begin();
            long pid = sidecar.pid();
            long epoch = sidecar.status().at("/sidecar/epoch").asLong();
            List<Footprint> footprints = new ArrayList<>();
            List<Footprint> usual = new ArrayList<>();
            List<List<String>> threads = new ArrayList<>();

            // when
            for (int life = 1; life <= LIVES; life++) {
                load.order("order-" + life);
                load.killVictim();
                respawn(load, "respawn-" + life);
                footprints.add(Footprint.of(pid));
                if (LIVES > WARM && (life == WARM || life == LIVES)) {
                    usual.add(Footprint.usual(pid));
                    threads.add(Footprint.threadNames(pid));
                }
            }

            // then
            load.assertOrders(0);
            load.assertCalm();
            load.settle();
            load.assertFold();
            load.assertEnds(0);
            assertEvents(load);
            assertThat(sidecar.pid()).isEqualTo(pid);
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(epoch);
            assertThat(sidecar.terminate().exitCode()).isZero();
            load.assertLines(true);
            assertFootprints(footprints, usual, threads);
        }
    }

    private static void respawn(Load load, String id) {
        load.sidecar().post("/api/v1/respawn", "{\"id\":\"" + id + "\"}");
        assertThat(load.topics().awaitOutcome(load.sidecar().id(), id).getLast().happening())
                .isEqualTo("succeeded");
        load.sidecar().awaitLive();
    }

    private static void assertEvents(Load load) {
        Told told = Told.of(load.topics().events(load.sidecar().id()));
        assertThat(told.of("io.respawn.sidecar.resumed.v1"))
                .hasSize(LIVES)
                .allSatisfy(event -> assertThat(event.data().path("detail").asText())
                        .matches("after \\d+ ms, with \\d+ processes, \\d+ timers, \\d+ pipes, .*"));
        assertThat(load.sidecar().status().at("/sidecar/respawns")).hasSize(Math.min(LIVES, 10));
        IntStream.rangeClosed(1, LIVES)
                .forEach(life ->
                        assertThat(told.outcomes().get("respawn-" + life)).containsExactly("succeeded"));
    }

    private static void assertFootprints(List<Footprint> each, List<Footprint> usual, List<List<String>> threads)
            throws IOException {
        Files.writeString(Path.of("target", "respawns.txt"), each + "\n" + usual + "\n" + threads + "\n");
        Footprint early = each.get(1);
        assertThat(each.getLast().threads()).isLessThanOrEqualTo(early.threads() + 4);
        assertThat(each.getLast().descriptors()).isLessThanOrEqualTo(early.descriptors() + 6);
        if (LIVES > WARM) {
            assertThat(usual.getLast().threads())
                    .as("%s", threads)
                    .isEqualTo(usual.getFirst().threads());
            assertThat(usual.getLast().descriptors()).isEqualTo(usual.getFirst().descriptors());
            double warm = Footprint.meanResident(each.subList(WARM / 2, WARM));
            assertThat(Footprint.meanResident(each.subList(LIVES - 10, LIVES))).isLessThanOrEqualTo(1.05 * warm);
        }
    }
}
