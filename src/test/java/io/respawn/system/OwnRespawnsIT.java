package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar loads itself anew without being told. */
final class OwnRespawnsIT {

    private static final String SERVICES = "web: { command: [ sleep, '1000' ] }\n";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /** Each of its images has more than half of its heap taken. */
    private RunningSidecar full(String id) throws IOException {
        return new RunningSidecar(folder, id, SERVICES)
                .with("RESPAWN_JAVA_OPTS", HeapFiller.option(folder, 56))
                .with("RESPAWN_RESPAWN_HEAP_THRESHOLD", "50%")
                .with("RESPAWN_RESPAWN_HEAP_TIME", "1s")
                .patient();
    }

    @Test
    void fullHeapAsksForANewImageAndStatusTellsOfIt() throws IOException {
        try (RunningSidecar sidecar = full("full")) {
            // given
            int web = firstPid(sidecar.start());

            // when
            sidecar.awaitStatus("a respawn", status -> !respawns(status).isEmpty());

            // then
            JsonNode respawn = sidecar.status().at("/sidecar/respawns/0");
            assertThat(respawn.path("id").asText()).startsWith("heap/respawn/20");
            assertThat(respawn.path("requestedBy").asText()).isEqualTo("heap");
            assertThat(respawn.path("reason").asText()).matches("\\d\\d% of the heap are in use for PT1S or longer");
            assertThat(respawn.path("outcome").asText()).isEqualTo("succeeded");
            assertThat(respawn.path("blackoutMillis").asLong()).isPositive();
            assertThat(respawn.path("detail").asText()).startsWith("after ").contains("with 1 processes");
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
            assertThat(sidecar.metric("respawn_respawns_total{result=\"succeeded\""))
                    .isOne();
            assertThat(sidecar.metric("respawn_blackout_seconds_last"))
                    .isBetween(0.01, respawn.path("blackoutMillis").asLong() / 1000.0 + 1);
            assertThat(sidecar.cli("status").output())
                    .contains("by heap (", "% of the heap are in use", ": succeeded, after ");

            // when
            sidecar.kill();
            sidecar.start().awaitReady();

            // then it is remembered beyond the end of that life
            assertThat(respawns(sidecar.status())).containsExactly(respawn);
        }
    }

    @Test
    @Tag("slow")
    void plannedOnesComeOnceEachAndAFullHeapKeepsItsDistance() throws IOException {
        Duration apart = Duration.ofSeconds(10);
        try (RunningSidecar sidecar = full("planned")
                .with("RESPAWN_RESPAWN_SCHEDULE", "* * * * *")
                .with("RESPAWN_RESPAWN_MIN_INTERVAL", "10s")) {
            // given
            int web = firstPid(sidecar.start());

            // when
            sidecar.awaitStatus(
                    "two of each kind",
                    status -> by("schedule", status).size() >= 2
                            && by("heap", status).size() >= 2);

            // then
            List<JsonNode> all = respawns(sidecar.status());
            assertThat(all).extracting(each -> each.path("id").asText()).doesNotHaveDuplicates();
            assertThat(by("schedule", sidecar.status()))
                    .allSatisfy(each -> assertThat(each.path("id").asText()).matches("schedule/respawn/.*:00Z"));
            for (int i = 0; i + 1 < all.size(); i++) {
                if (all.get(i).path("requestedBy").asText().equals("heap")) {
                    assertThat(Duration.between(at(all.get(i + 1)), at(all.get(i))))
                            .isGreaterThanOrEqualTo(apart);
                }
            }
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
        }
    }

    /** A respawn may come at any time, and cuts off every question but that of the one who waits. */
    private static int firstPid(RunningSidecar sidecar) {
        AtomicInteger pid = new AtomicInteger();
        sidecar.awaitStatus("readiness", status -> {
            pid.set(status.at("/services/0/instances/0/pid").asInt());
            return status.at("/services/0/ready").asBoolean();
        });
        return pid.get();
    }

    private static Instant at(JsonNode respawn) {
        return Instant.parse(respawn.path("at").asText());
    }

    private static List<JsonNode> by(String whom, JsonNode status) {
        return respawns(status).stream()
                .filter(each -> each.path("requestedBy").asText().equals(whom))
                .toList();
    }

    private static List<JsonNode> respawns(JsonNode status) {
        List<JsonNode> all = new ArrayList<>();
        status.at("/sidecar/respawns").forEach(all::add);
        return all;
    }
}
