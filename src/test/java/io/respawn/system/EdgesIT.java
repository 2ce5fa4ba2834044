package io.respawn.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged sidecar shows at its ports and in its log; there is no Kafka here. */
final class EdgesIT {

    @TempDir
    static Path folder;

    @AutoClose
    private static RunningSidecar sidecar;

    @BeforeAll
    static void startSidecar() {
        sidecar = new RunningSidecar(folder, "edges", """
                        web: { command: %1$s, essential: true, autostart: false }
                        other: { command: %1$s }
                        """.formatted(new Scripts(folder, "edges").willing()))
                .with("RESPAWN_LOG_FORMAT", "json")
                .start();
        sidecar.awaitStatus(
                "a running service", status -> status.at("/services/0/ready").asBoolean());
    }

    @Test
    void readinessFollowsTheEssentialServiceAndLivenessDoesNot() throws IOException {
        // given
        HttpResponse<String> without = sidecar.management("/q/health/ready");
        HttpResponse<String> live = sidecar.management("/q/health/live");
        HttpResponse<String> started = sidecar.management("/q/health/started");

        // when
        Programs.Ended start = sidecar.cli("start", "web", "--wait=ready");
        HttpResponse<String> with = sidecar.management("/q/health/ready");
        sidecar.cli("stop", "web", "--wait");
        HttpResponse<String> again = sidecar.management("/q/health/ready");

        // then
        assertThat(without.statusCode()).isEqualTo(503);
        assertThat(check(without, "services").at("/data/notReady").asText()).isEqualTo("web");
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(check(live, "loop").path("status").asText()).isEqualTo("UP");
        assertThat(started.statusCode()).isEqualTo(200);
        assertThat(check(started, "core").at("/data/phase").asText()).isEqualTo("running");
        assertThat(start.exitCode()).isZero();
        assertThat(with.statusCode()).isEqualTo(200);
        assertThat(again.statusCode()).isEqualTo(503);
    }

    @Test
    void metricsHaveTheNamesThatDashboardsUse() throws IOException {
        // when
        String metrics = sidecar.management("/q/metrics").body();

        // then
        assertThat(metrics)
                .contains(
                        "respawn_snapshot_available 1.0",
                        "respawn_instance_state{service=\"other\",state=\"ready\"} 1.0",
                        "respawn_service_ready{service=\"other\"} 1.0",
                        "respawn_kafka_status{status=\"off\"} 1.0",
                        "respawn_durability{durability=\"local\"} 1.0",
                        "respawn_intents_ended_total{outcome=\"succeeded\"}",
                        "respawn_loop_silence_seconds",
                        "respawn_step_seconds_count",
                        "respawn_journal_append_seconds_sum",
                        "respawn_unacknowledged_batches",
                        "respawn_process_resident_memory_bytes",
                        "respawn_process_cpu_seconds_total",
                        "respawn_process_open_fds");
    }

    @Test
    void foreignPagesCannotGiveOrders() throws IOException {
        // given
        long before = sidecar.instance("other").path("incarnation").asLong();

        // then
        assertThat(post("Host: evil.example", "Content-Type: application/json")).startsWith("HTTP/1.1 421 ");
        assertThat(post(host(), "Content-Type: application/json", "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(post(host(), "Content-Type: text/plain")).startsWith("HTTP/1.1 415 ");
        assertThat(post(host())).startsWith("HTTP/1.1 415 ");
        assertThat(sidecar.instance("other").path("incarnation").asLong()).isEqualTo(before);
        assertThat(sidecar.json("/api/v1/intents").path("intents"))
                .noneMatch(intent -> intent.path("action").asText().equals("restart"));
    }

    @Test
    void everyLineOfTheLogIsAnObjectWhenJsonIsAskedFor() throws IOException {
        // when
        List<String> lines = Files.readAllLines(sidecar.log());

        // then
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            JsonNode entry = RunningSidecar.JSON.readTree(line);
            assertThat(entry.isObject()).isTrue();
            assertThat(entry.path("message").asText()).isNotEmpty();
            assertThat(entry.path("level").asText()).isNotEmpty();
        });
    }

    private static JsonNode check(HttpResponse<String> health, String name) throws IOException {
        for (JsonNode check : RunningSidecar.JSON.readTree(health.body()).path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("Cannot find the check '" + name + "' in " + health.body());
    }

    private static String host() {
        return "Host: 127.0.0.1:" + sidecar.httpPort();
    }

    /** By hand, since a client of Java does not let its caller choose the host header. */
    private static String post(String... headers) throws IOException {
        String request = "POST /api/v1/services/other/restart HTTP/1.1\r\n" + String.join("\r\n", headers)
                + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sidecar.httpPort())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
