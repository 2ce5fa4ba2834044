package io.respawn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders as the command line shows, gives and takes them back. */
class IntentsCliTest {

    private static final String INTENTS = """
        {"at":"2026-11-22T12:00:00Z","total":31,"intents":[
         {"id":"deploy-8","source":"api","action":"restart","service":"web","instance":1,"phase":"pending","detail":"",
          "reason":"new pages","requestedBy":"op@box","force":false,"acceptedAt":"2026-11-22T11:59:55Z","targets":[],
          "waitsFor":"number 2 in the queue of the budget","queuePosition":2,"eta":"2026-11-22T12:00:12Z"},
         {"id":"deploy-7","source":"/ci","action":"restart","service":"web","phase":"ended","outcome":"succeeded",
          "detail":"","reason":"","requestedBy":"","force":true,"acceptedAt":"2026-11-22T11:00:00Z",
          "endedAt":"2026-11-22T11:57:00Z","targets":[{"index":0,"before":3,"after":4,"outcome":"succeeded"}]},
         {"id":"deploy-6","source":"","action":"signal","signal":"SIGHUP","service":"web","phase":"ended",
          "outcome":"failed","detail":"Cannot signal web/0: it is stopped","reason":"","requestedBy":"","force":false,
          "acceptedAt":"2026-11-22T09:00:00Z","endedAt":"2026-11-22T09:00:00Z",
          "targets":[{"index":0,"before":4,"after":4,"outcome":"failed"}]}]}
        """;
    private static final String RODE = """
        {"id":"deploy-5","source":"","action":"restart","service":"web","phase":"ended","outcome":"coalesced",
         "detail":"carried out by deploy-4: incarnation 4","endedBy":"deploy-4","reason":"new pages",
         "requestedBy":"op@box","force":false,"priority":7,"wait":"ready","acceptedAt":"2026-11-22T11:00:00Z",
         "endedAt":"2026-11-22T11:57:00Z","position":"respawn.commands-3@17",
         "targets":[{"index":0,"before":3,"after":4,"outcome":"coalesced","detail":"carried out by deploy-4"}]}
        """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ApiServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new ApiServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void waitsForASidecarThatLoadsItselfAnew() {
        // given
        server.answers("POST /api/v1/respawn", 202, ApiServer.intent("respawn", "started", null, ""));
        server.answers(
                "GET /api/v1/intents/i-1",
                200,
                ApiServer.intent("respawn", "ended", "failed", "Cannot respawn: the new image cannot go on"));

        // when
        int exit = run("respawn", "--wait", "--reason", "new version", "--id", "i-1");

        // then
        assertThat(exit).isEqualTo(Exit.FAILED);
        assertThat(out.toString()).contains("failed (Cannot respawn: the new image cannot go on)");
        assertThat(server.bodies())
                .containsExactly("{\"requestedBy\":\"op@box\",\"reason\":\"new version\",\"id\":\"i-1\"}");
    }

    @Test
    void listsOrdersAsATableThatReadsWell() {
        // given
        server.answers("GET /api/v1/intents", 200, INTENTS);

        // when
        int exit = run("intents", "--service", "web", "--state", "open,ended", "--limit", "3");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(server.queries()).containsExactly("service=web&state=open&state=ended&limit=3");
        assertThat(out.toString().lines()).containsExactly("""
            ORDER     WHAT               STATE      SINCE   BY        WHY
            deploy-8  restart web/1      pending    5s ago  op@box    'new pages'; number 2 in the queue of the budget; goes in 12s
            deploy-7  restart web        succeeded  3m ago  /ci       forced; incarnation 3 to 4
            deploy-6  signal SIGHUP web  failed     3h ago  somebody  Cannot signal web/0: it is stopped
            These are the newest 3 of 31; --limit shows more.\
            """.lines().toArray(String[]::new));
    }

    @Test
    void tellsAllAboutOneOrder() {
        // given
        server.answers("GET /api/v1/intents/deploy-5", 200, RODE);

        // when
        int exit = run("intents", "deploy-5");

        // then
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString().lines()).containsExactly("""
            restart of web, order deploy-5: coalesced (carried out by deploy-4: incarnation 4)
              ordered by op@box at 2026-11-22T11:00:00Z, by Kafka, respawn.commands-3@17
              reason: new pages
              terms: priority 7, until ready
              ended: 2026-11-22T11:57:00Z, by order deploy-4
              web/0: coalesced (carried out by deploy-4), incarnation 3 to 4\
            """.lines().toArray(String[]::new));
    }

    @Test
    void waitsForAnOrderThatWasGivenBefore() {
        // given
        server.answers("GET /api/v1/intents/i-1", 200, ApiServer.intent("started", null, ""));
        server.answers("GET /api/v1/intents/i-1", 200, ApiServer.intent("ended", "expired", "expired at noon"));

        // when
        int exit = run("intents", "i-1", "--wait");

        // then
        assertThat(exit).isEqualTo(Exit.FAILED);
        assertThat(out.toString()).startsWith("restart of web, order i-1: expired (expired at noon)");
    }

    @Test
    void saysThatThereAreNone() {
        // given
        server.answers("GET /api/v1/intents", 200, "{\"at\":\"2026-11-22T12:00:00Z\",\"total\":0,\"intents\":[]}");

        // when
        run("intents");
        run("intents", "--requested-by", "nobody");

        // then
        assertThat(out.toString().lines())
                .containsExactly("No orders have been given yet.", "There are no such orders.");
    }

    @Test
    void takesAnOrderBack() {
        // given
        server.answers("DELETE /api/v1/intents/i-1", 200, ApiServer.intent("ended", "cancelled", "cancelled by api-7"));

        // when
        int exit = run("cancel", "i-1", "--reason", "too early");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString())
                .isEqualToIgnoringNewLines("restart of web, order i-1: cancelled (cancelled by api-7)");
        assertThat(server.queries()).containsExactly("requested-by=op%40box&reason=too+early");
    }

    @Test
    void saysWhyAnOrderCannotBeTakenBack() {
        // given
        server.answers("DELETE /api/v1/intents/i-1", 409, "{\"detail\":\"Cannot cancel i-1: it has begun\"}");

        // when
        int exit = run("cancel", "i-1");

        // then
        assertThat(exit).isEqualTo(Exit.FAILED);
        assertThat(err.toString()).isEqualToIgnoringNewLines("Cannot cancel i-1: it has begun");
    }

    @Test
    void ordersOnTerms() throws IOException {
        // given
        server.answers("POST /api/v1/services/web/restart", 202, ApiServer.intent("pending", null, ""));

        // when
        int exit = run(
                "restart",
                "--force",
                "--priority",
                "-5",
                "--not-before",
                "+30s",
                "--expires-at",
                "2026-03-01T14:00:00+02:00",
                "web");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        JsonNode body = Output.JSON.readTree(server.bodies().getFirst());
        assertThat(body.path("force").asBoolean()).isTrue();
        assertThat(body.path("priority").asInt()).isEqualTo(-5);
        assertThat(Instant.parse(body.path("notBefore").asText()))
                .isCloseTo(Instant.now().plusSeconds(30), within(10, ChronoUnit.SECONDS));
        assertThat(body.path("expiresAt").asText()).isEqualTo("2026-03-01T12:00:00Z");
    }

    @Test
    void doesNotTakeTheServiceForWhatIsWaitedFor() {
        // given
        server.answers("POST /api/v1/services/web/restart", 202, ApiServer.intent("ended", "succeeded", ""));

        // when
        int exit = run("restart", "--wait", "web");

        // then
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString()).isEqualToIgnoringNewLines("restart of web, order i-1: succeeded");
    }

    @Test
    void showsWhatTheProbesOfOneServiceWereLastAnswered() {
        // given
        server.answers("GET /api/v1/services", 200, """
            {"at":"2026-11-22T12:00:00Z","sidecar":{"id":"shop","phase":"running","kafka":"live",
              "kafkaDetail":"epoch 3","durability":"kafka"},
             "services":[{"name":"web","desired":"up","instances":[{"index":0,"state":"running","reason":"not ready",
              "probes":[{"probe":"readiness","answer":"no","at":"2026-11-22T11:59:58Z",
               "detail":"http://127.0.0.1:9100/ready answered 503"}]}]}]}
            """);

        // when
        run("status");
        String all = out.toString();
        run("status", "web");

        // then
        assertThat(all).doesNotContain("probe");
        assertThat(out.toString())
                .endsWith("web: readiness probe, 2s ago: no, http://127.0.0.1:9100/ready answered 503\n");
    }

    private int run(String... arguments) {
        Map<String, String> environment = Map.of("RESPAWN_URL", server.url(), "USER", "op", "HOSTNAME", "box");
        return Cli.run(arguments, environment, new Output(new PrintWriter(out), new PrintWriter(err)), new NoSidecar());
    }
}
