package io.respawn.observe;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.respawn.edges.EdgeProfile;
import io.respawn.edges.FakeSupervision;
import io.respawn.edges.Samples;
import io.respawn.model.InstanceId;
import io.respawn.supervise.ForwardedLine;
import io.respawn.supervise.Forwarding;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;
import io.respawn.supervise.RespawnCounts;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Usage;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(EdgeProfile.class)
class ManagementTest {

    @Inject
    FakeSupervision supervision;

    @TestHTTPResource(management = true)
    URI management;

    @BeforeEach
    void beHealthy() {
        supervision.is(Samples.healthy());
    }

    @Test
    void isLiveReadyAndStartedWhenAllIsWell() {
        for (String kind : List.of("live", "ready", "started")) {
            given().get(health(kind)).then().statusCode(200).body("status", equalTo("UP"));
        }
    }

    @Test
    void showsAKafkaThatIsAwayAndStaysReady() {
        supervision.is(Samples.degraded());
        given().get(health("ready"))
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'services' }.data.kafka", equalTo("degraded"))
                .body("checks.find { it.name == 'services' }.data.durability", equalTo("local"));
    }

    @Test
    void isNotReadyButAliveWhenAnotherSidecarOwnsTheState() {
        supervision.is(Samples.fenced());
        given().get(health("ready")).then().statusCode(503);
        given().get(health("live")).then().statusCode(200);
    }

    @Test
    void namesTheEssentialServicesThatAreNotReady() {
        supervision.is(Samples.crashed());
        given().get(health("ready"))
                .then()
                .statusCode(503)
                .body("checks.find { it.name == 'services' }.data.notReady", equalTo("web"));
    }

    @Test
    void isNotAliveWhenTheLoopIsStuck() {
        supervision.hangs();
        given().get(health("live")).then().statusCode(503);
        given().get(health("ready")).then().statusCode(503);
        given().get(health("started")).then().statusCode(503);
    }

    @Test
    void showsTheStateInMetrics() {
        supervision.is(Samples.crashed());
        assertThat(scrape())
                .contains("respawn_snapshot_available 1.0")
                .contains("respawn_instance_state{service=\"web\",state=\"backing-off\",} 1.0")
                .contains("respawn_instance_state{service=\"web\",state=\"ready\",} 1.0")
                .contains("respawn_instance_state{service=\"web\",state=\"exhausted\",} 0.0")
                .contains("respawn_service_ready{service=\"web\",} 0.0")
                .contains("respawn_kafka_status{status=\"live\",} 1.0")
                .contains("respawn_kafka_status{status=\"fenced\",} 0.0")
                .contains("respawn_unacknowledged_batches 5.0")
                .contains("respawn_intents_open 0.0")
                .contains("respawn_ready 0.0");
    }

    @Test
    void showsWhatWasCountedInMetrics() {
        // given
        supervision.statistics().restarted(Samples.WEB, "crash");
        supervision.statistics().fault("spawn-failed");
        supervision.statistics().killedForMemory(Samples.WEB);
        supervision.statistics().lineMatched(Samples.WEB, "heap");
        InstanceId web = new InstanceId(Samples.WEB, 0);
        supervision
                .statistics()
                .consumption()
                .looked(
                        Instant.EPOCH,
                        Map.of(
                                web,
                                new Usage(
                                        Instant.EPOCH,
                                        7,
                                        Duration.ofMillis(12_340),
                                        1 << 20,
                                        3,
                                        25,
                                        OptionalInt.empty())),
                        web::equals);
        supervision
                .statistics()
                .goOn(new RespawnCounts(6, 2, Duration.ofSeconds(3), Duration.ofMillis(700), Duration.ofMillis(300)));
        supervision.statistics().respawned(Duration.ofMillis(500));
        supervision.statistics().respawnRefused();
        supervision.statistics().announced("io.respawn.intent.succeeded.v1");
        supervision.statistics().journalAppends().add(Duration.ofMillis(250));

        // when
        String text = scrape();

        // then
        assertThat(text)
                .contains("respawn_service_restarts_total{service=\"web\",reason=\"crash\",} 1.0")
                .contains("respawn_faults_total{fault=\"spawn-failed\",} 1.0")
                .contains("respawn_service_oom_kills_total{service=\"web\",} 1.0")
                .contains("respawn_line_matches_total{service=\"web\",trigger=\"heap\",} 1.0")
                .contains("respawn_instance_memory_bytes{service=\"web\",instance=\"0\",} 1048576.0")
                .contains("respawn_instance_cpu_seconds_total{service=\"web\",instance=\"0\",} 12.34")
                .contains("respawn_instance_processes{service=\"web\",instance=\"0\",} 3.0")
                .contains("respawn_instance_threads{service=\"web\",instance=\"0\",} 25.0")
                .doesNotContain("respawn_instance_open_descriptors{")
                .contains("respawn_respawns_total{result=\"succeeded\",} 7.0")
                .contains("respawn_respawns_total{result=\"refused\",} 3.0")
                .contains("respawn_blackout_seconds_count 7.0")
                .contains("respawn_blackout_seconds_sum 3.5")
                .contains("respawn_blackout_seconds_max 0.7")
                .contains("respawn_blackout_seconds_last 0.5")
                .contains("respawn_events_total{type=\"io.respawn.intent.succeeded.v1\",} 1.0")
                .contains("respawn_intents_ended_total{outcome=\"succeeded\",} 1.0")
                .contains("respawn_intents_ended_total{outcome=\"failed\",} 0.0")
                .contains("respawn_journal_append_seconds_count 1.0")
                .contains("respawn_journal_append_seconds_sum 0.25")
                .contains("respawn_journal_append_seconds_max 0.25")
                .contains("respawn_kafka_commit_seconds_count 0.0");
    }

    @Test
    void showsWhatBecameOfForwardedLinesInMetrics() {
        // given
        Forwarding forwarding = new Forwarding(supervision.statistics().forwarding(), System::nanoTime);
        Line line = new Line(new InstanceId(Samples.WEB, 0), 1, Instant.EPOCH, Stream.STDOUT, "x", false);
        forwarding.offer(new ForwardedLine(line, 1));

        // when
        String text = scrape();

        // then
        assertThat(text)
                .contains("respawn_output_forwarded_total{service=\"web\",} 0.0")
                .contains("respawn_output_lost_total{service=\"web\",} 0.0")
                .contains("respawn_output_waiting{service=\"web\",} 1.0");
    }

    @Test
    void showsWhatTheSidecarItselfCosts() {
        String text = scrape();
        for (String name : List.of("cpu_seconds_total", "resident_memory_bytes", "open_fds", "threads")) {
            assertThat(value(text, "respawn_process_" + name)).as(name).isPositive();
        }
    }

    @Test
    void stillScrapesWhenTheLoopIsStuck() {
        supervision.hangs();
        assertThat(scrape())
                .contains("respawn_snapshot_available 0.0")
                .contains("respawn_loop_silence_seconds 60.0")
                .contains("respawn_loop_lag_seconds_count")
                .doesNotContain("respawn_instance_state{");
    }

    @Test
    void asksTheLoopOncePerScrape() {
        // given
        Snapshot before = Samples.healthy();
        supervision.is(before);
        supervision.asked().clear();

        // when
        scrape();

        // then
        assertThat(supervision.asked()).containsExactly("snapshot");
    }

    private URI health(String kind) {
        return management.resolve("/q/health/" + kind);
    }

    private String scrape() {
        return given().accept("text/plain")
                .get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private static double value(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Double.valueOf(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }
}
