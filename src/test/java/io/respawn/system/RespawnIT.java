package io.respawn.system;

import static io.respawn.system.Load.assertEachOnce;
import static io.respawn.system.Load.assertEachOrderOnce;
import static io.respawn.system.Load.exits;
import static io.respawn.system.Load.ids;
import static io.respawn.system.Load.lines;
import static io.respawn.system.Load.pids;
import static io.respawn.system.Load.restarts;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.system.Load.Footprint;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar becomes a new image again and again, in the middle of its work. */
final class RespawnIT {

    private static final int LIVES = Integer.getInteger("respawn.lives", 5);

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
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
        Scripts scripts = new Scripts(folder, "load");
        try (RunningSidecar sidecar = sidecar(scripts);
                Topics topics = new Topics(broker.bootstrap())) {
            // given
            sidecar.start().awaitReady();
            Kcat kcat = new Kcat(broker.bootstrap(), sidecar.id());
            List<Integer> calm = pids(sidecar);
            long epoch = sidecar.status().at("/sidecar/epoch").asLong();
            List<String> ordered = new ArrayList<>();
            List<Footprint> footprints = new ArrayList<>();

            // when
            for (int life = 0; life < LIVES; life++) {
                List<String> batch = ids("order-" + life, 8);
                kcat.send(restarts(batch));
                ordered.addAll(batch);
                assertThat(sidecar.cli("respawn", "--wait", "--id", "respawn-" + life)
                                .output())
                        .contains("succeeded");
                sidecar.awaitLive();
                footprints.add(Footprint.of(sidecar.pid()));
            }

            // then
            assertEachOrderOnce(sidecar, topics, scripts, ordered, ids("respawn", LIVES));
            assertThat(pids(sidecar)).isEqualTo(calm);
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(epoch);

            List<Seen> events = topics.events(sidecar.id());
            assertThat(events).extracting(Seen::id).doesNotHaveDuplicates();
            assertThat(exits(events, "mortal")).hasSizeGreaterThan(2 * LIVES).containsOnly("exit code 7");
            assertThat(events)
                    .filteredOn(event -> event.type().equals("io.respawn.sidecar.resumed.v1"))
                    .hasSize(LIVES);

            sidecar.terminate();
            assertEachOnce(lines(sidecar.log(), "chatty | line "));
            assertEachOnce(lines(sidecar.stateDirectory().resolve("logs/filed-0.log"), "line "));
            Footprint early = footprints.get(1);
            assertThat(footprints.getLast().threads()).isLessThanOrEqualTo(early.threads() + 4);
            assertThat(footprints.getLast().descriptors()).isLessThanOrEqualTo(early.descriptors() + 6);
        }
    }

    private static RunningSidecar sidecar(Scripts scripts) throws IOException {
        return new RunningSidecar(folder, "load", Load.services(folder, scripts))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                // Many at once are the point here, not how they are rationed.
                .with("RESPAWN_BUDGET_PERMITS", "1000")
                .with("RESPAWN_BUDGET_BURST", "1000");
    }
}
