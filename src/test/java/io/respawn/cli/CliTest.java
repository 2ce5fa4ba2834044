package io.respawn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.config.Configuration;
import io.respawn.config.LoadRequest;
import io.respawn.config.LoadResult;
import io.respawn.config.Mistake;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Sidecar.RunRequest> runs = new ArrayList<>();
    private ApiServer server;
    private Map<String, String> environment = Map.of();

    @BeforeEach
    void startServer() throws IOException {
        server = new ApiServer();
        environment = Map.of("RESPAWN_URL", server.url(), "USER", "op", "HOSTNAME", "box");
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void showsTheStatusAsATableThatReadsWell() {
        // given
        server.answers("GET /api/v1/services", 200, ApiServer.SERVICES);

        // when
        int exit = run("status");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString().lines().map(String::stripTrailing))
                .containsExactly("""
                Sidecar shop: running, Kafka degraded, durability local
                  Kafka: broker 1 does not answer
                  3 batches are not on Kafka yet

                SERVICE   STATE        READY  PID   INCARNATION  RESTARTS  SINCE    WHY
                web       ready        yes    4711  4            3         5m ago   last exit: SIGKILL, 5m ago
                worker/0  backing-off  no     -     2            1         3s ago   starts again in 2s; restarts after a crash; last exit: exit code 1, 3s ago
                worker/1  ready        yes    4712  1            0         2h ago
                slow      stopped      no     -     1            0         60m ago  stopped by op@h?st""".lines().toArray(String[]::new));
    }

    @Test
    void namesTheEpochBesideALiveKafka() {
        // given
        server.answers("GET /api/v1/services", 200, """
            {"sidecar":{"id":"shop","phase":"running","kafka":"live","kafkaDetail":"epoch 3","durability":"local",
              "unacknowledged":1,"respawns":[{"id":"r","at":"a while","outcome":"succeeded","requestedBy":"alice",
              "reason":"new jar","detail":"after 300 ms, with 3 processes"}]},"services":[]}
            """);

        // when
        run("status");

        // then
        assertThat(out.toString().lines())
                .startsWith(
                        "Sidecar shop: running, Kafka live (epoch 3), durability local",
                        "  1 batch is not on Kafka yet",
                        "  Respawn once by alice (new jar): succeeded, after 300 ms, with 3 processes");
    }

    @Test
    void ordersAsAUserWithoutANameByItsNumber() {
        // given
        server.answers("POST /api/v1/services/web/restart", 202, ApiServer.intent("pending", null, ""));
        environment = Map.of("RESPAWN_URL", server.url());

        // when
        run("restart", "web");

        // then
        assertThat(server.bodies()).singleElement().asString().matches("\\{\"requestedBy\":\"uid \\d+\"}");
    }

    @Test
    void showsLinesAsTheyAreButForWhatATerminalWouldObey() {
        // given
        server.answers("GET /api/v1/services/web/logs", 200, "gr\u00fc\u00dfe\tx\n\u001b[2Jy\n");

        // when
        int exit = run("logs", "web", "-n", "2");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString().lines()).containsExactly("gr\u00fc\u00dfe\tx", "?[2Jy");
    }

    @Test
    void countsAValueThatTheSidecarCannotUseAsAMistakeOfTheCommandLine() {
        // given
        server.answers("GET /api/v1/intents", 400, "{\"detail\":\"Cannot use limit '0'\"}");

        // when
        int exit = run("intents", "--limit", "0");

        // then
        assertThat(exit).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).isEqualToIgnoringNewLines("Cannot use limit '0'");
    }

    @Test
    void saysThatThereIsNoSuchServiceToFollow() {
        // given
        server.answers("GET /api/v1/services/wep/logs", 404, "{\"detail\":\"Cannot find service 'wep'\"}");

        // when
        int exit = run("logs", "wep", "-f");

        // then
        assertThat(exit).isEqualTo(Exit.FAILED);
        assertThat(err.toString()).isEqualToIgnoringNewLines("Cannot find service 'wep'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void showsOneServiceAndSaysWhichThereAreWhenItIsUnknown() {
        // given
        server.answers("GET /api/v1/services", 200, ApiServer.SERVICES);

        // when
        int known = run("status", "web");
        int unknown = run("status", "wep");

        // then
        assertThat(known).isEqualTo(Exit.DONE);
        assertThat(out.toString()).contains("web ").doesNotContain("worker");
        assertThat(unknown).isEqualTo(Exit.FAILED);
        assertThat(err.toString()).isEqualToIgnoringNewLines("Cannot find service 'wep': there are web, worker, slow");
    }

    @Test
    void showsTheStatusAsJsonInAscii() throws IOException {
        // given
        server.answers("GET /api/v1/services", 200, ApiServer.SERVICES);

        // when
        int exit = run("status", "slow", "--format", "json");

        // then
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString().chars()).allMatch(c -> c < 128);
        JsonNode slow = Output.JSON.readTree(out.toString());
        assertThat(slow.path("orderedBy").asText()).isEqualTo("op@h\u00f6st");
    }

    @Test
    void ordersARestartWithoutWaiting() {
        // given
        server.answers("POST /api/v1/services/web/restart", 202, ApiServer.intent("pending", null, ""));

        // when
        int exit = run("restart", "web", "--reason", "new certificate", "--if-incarnation", "4", "--id", "i-1");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString()).isEqualToIgnoringNewLines("restart of web, order i-1: accepted, durability kafka");
        assertThat(server.bodies())
                .containsExactly(
                        "{\"requestedBy\":\"op@box\",\"reason\":\"new certificate\",\"ifIncarnation\":4,\"id\":\"i-1\"}");
        assertThat(server.contentTypes()).containsExactly("application/json");
    }

    @Test
    void ordersOneInstanceToEndSoon() {
        // given
        server.answers("POST /api/v1/services/web/restart", 202, ApiServer.intent("pending", null, ""));

        // when
        int exit = run("restart", "web", "--instance", "2", "--grace-period", "1m30s");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(server.bodies())
                .containsExactly("{\"requestedBy\":\"op@box\",\"instance\":2,\"gracePeriod\":\"PT1M30S\"}");
    }

    @Test
    void waitsForTheOutcomeAcrossSeveralAnswers() {
        // given
        server.answers("POST /api/v1/services/web/stop", 202, ApiServer.intent("stop", "pending", null, ""));
        server.answers("GET /api/v1/intents/i-1", 200, ApiServer.intent("stop", "started", null, ""));
        server.answers("GET /api/v1/intents/i-1", 200, ApiServer.intent("stop", "ended", "succeeded", "incarnation 5"));

        // when
        int exit = run("stop", "web", "--wait");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString()).isEqualToIgnoringNewLines("stop of web, order i-1: succeeded (incarnation 5)");
    }

    @Test
    void saysWhatCountsAsCarriedOutAndFailsWhenTheOrderFails() {
        // given
        server.answers("POST /api/v1/services/web/start", 202, ApiServer.intent("start", "pending", null, ""));
        server.answers(
                "GET /api/v1/intents/i-1", 200, ApiServer.intent("start", "ended", "failed", "not ready in 30s"));

        // when
        int exit = run("start", "web", "--wait=ready");

        // then
        assertThat(exit).isEqualTo(Exit.FAILED);
        assertThat(out.toString()).isEqualToIgnoringNewLines("start of web, order i-1: failed (not ready in 30s)");
        assertThat(server.bodies()).containsExactly("{\"requestedBy\":\"op@box\",\"wait\":\"ready\"}");
    }

    @Test
    void endsWithFourWhenTheTimeIsOver() {
        // given
        server.answers("POST /api/v1/services/web/start", 202, ApiServer.intent("start", "pending", null, ""));
        server.answersAlways("GET /api/v1/intents/i-1", 200, ApiServer.intent("started", null, ""));

        // when
        int exit = run("start", "web", "--wait", "--timeout", "50ms");

        // then
        assertThat(exit).isEqualTo(Exit.TIMEOUT);
        assertThat(err.toString()).startsWith("Cannot tell the outcome yet: order i-1 is still started after 50ms");
    }

    @Test
    void printsTheDetailOfAProblem() {
        // given
        server.answers(
                "POST /api/v1/services/wep/restart",
                404,
                "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                        + "\"detail\":\"Cannot restart 'wep': there is no such service\",\"instance\":\"/x\"}");

        // when
        int exit = run("restart", "wep");

        // then
        assertThat(exit).isEqualTo(Exit.FAILED);
        assertThat(err.toString()).isEqualToIgnoringNewLines("Cannot restart 'wep': there is no such service");
    }

    @Test
    void endsWithThreeWhenNobodyOrSomebodyElseAnswers() throws IOException {
        // given
        server.answers("GET /api/v1/services", 404, "<html>not found</html>");
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        // when
        int somebodyElse = run("status");
        int nobody = run("status", "--url", "http://127.0.0.1:" + free);

        // then
        assertThat(somebodyElse).isEqualTo(Exit.UNREACHABLE);
        assertThat(nobody).isEqualTo(Exit.UNREACHABLE);
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("Cannot find a sidecar at " + server.url() + ": something else answers"),
                        second -> assertThat(second)
                                .startsWith("Cannot reach the sidecar at http://127.0.0.1:" + free + ": "));
    }

    @Test
    void refusesCommandLinesThatCannotBeUsed() {
        for (String[] arguments : List.of(
                new String[] {},
                new String[] {"frobnicate"},
                new String[] {"restart"},
                new String[] {"restart", "web", "--timeout", "10"},
                new String[] {"restart", "web", "--timeout", "-PT1S"},
                new String[] {"restart", "web", "--timeout", "366d"},
                new String[] {"restart", "web", "--wait=done"},
                new String[] {"restart", "web", "--not-before", "tomorrow"},
                new String[] {"restart", "web", "--expires-at", "+10"},
                new String[] {"restart", "web", "--priority", "high"},
                new String[] {"intents", "--wait"},
                new String[] {"intents", "i-1", "--state", "open"},
                new String[] {"cancel"},
                new String[] {"status", "--url", "ftp://x"},
                new String[] {"status", "--url", "::"},
                new String[] {"status", "--format", "xml"})) {
            // when
            int exit = run(arguments);

            // then
            assertThat(exit).as(String.join(" ", arguments)).isEqualTo(Exit.USAGE);
        }
        assertThat(err.toString()).doesNotContain("Exception");
        assertThat(server.bodies()).isEmpty();
    }

    @Test
    void documentsTheExitCodes() {
        // when
        int exit = run("restart", "--help");

        // then
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString())
                .contains("Exit codes:", "3   no sidecar answers", "--if-incarnation")
                .matches("\\A[\\n -~]*\\z");
    }

    @Test
    void handsTheVerbRunToTheSidecar() {
        // when
        int exit = run("run", "--config", "/etc/x.yaml", "--id", "demo");

        // then
        assertThat(exit).isEqualTo(7);
        assertThat(runs)
                .containsExactly(new Sidecar.RunRequest(Optional.of(Path.of("/etc/x.yaml")), Optional.of("demo")));
    }

    @Test
    void checksAConfiguration() throws IOException {
        // given
        Path good =
                Files.writeString(directory.resolve("good.yaml"), "respawn: { services: { web: { command: [ x ] } } }");
        Path bad = Files.writeString(
                directory.resolve("bad.yaml"), "respawn: { services: { web: { comand: [ x ], instances: 0 } } }");

        // when
        int fine = run("check", "--config", good.toString());
        int faulty = run("check", "--config", bad.toString());

        // then
        assertThat(fine).isEqualTo(Exit.DONE);
        assertThat(faulty).isEqualTo(Exit.USAGE);
        assertThat(out.toString().lines())
                .containsExactly(
                        "ok, 1 service",
                        "respawn.services.web.comand (line 1): Cannot use 'comand': there is no such key; did you mean"
                                + " 'command'?",
                        "respawn.services.web.instances (line 1): Cannot run 0 instances: 1 to 1000 are allowed");
    }

    private int run(String... arguments) {
        return Cli.run(arguments, environment, new Output(new PrintWriter(out), new PrintWriter(err)), new RealCheck());
    }

    /** Checks as the program does; of a run only the request is kept. */
    private final class RealCheck implements Sidecar {

        @Override
        public int run(RunRequest request) {
            runs.add(request);
            return 7;
        }

        @Override
        public Checked check(Optional<Path> configuration) {
            LoadRequest request = new LoadRequest(configuration, Map.of("HOSTNAME", "box"), Map.of());
            return switch (Configuration.load(request)) {
                case LoadResult.Loaded loaded ->
                    new Checked.Fine(loaded.plan().services().size());
                case LoadResult.Refused refused ->
                    new Checked.Faulty(
                            refused.mistakes().stream().map(Mistake::toString).toList());
            };
        }
    }
}
