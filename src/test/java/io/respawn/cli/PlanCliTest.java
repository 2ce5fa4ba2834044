package io.respawn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plan as the command line shows and applies it. */
class PlanCliTest {

    private static final String DRIFT = """
        {"differs":true,"kept":4,"sidecar":["budget"],"later":["kafka.acks"],"mistakes":[],"services":[
          {"service":"web","action":"restart","fields":["command","instances"]},
          {"service":"new","action":"start","fields":[]}]}
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

    private int run(String... arguments) {
        Map<String, String> environment = Map.of("RESPAWN_URL", server.url(), "USER", "op", "HOSTNAME", "box");
        return Cli.run(arguments, environment, new Output(new PrintWriter(out), new PrintWriter(err)), new NoSidecar());
    }

    @Test
    void showsThePlanAndWhatIsConfiguredOtherwise() {
        // given
        server.answers("GET /api/v1/plan", 200, """
            {"id":"shop","generation":3,"drift":%s,"services":[
              {"name":"web","instances":2,"restart":{"policy":"always"},"command":["/srv/web","--port","1"]}]}
            """.formatted(DRIFT));

        // when
        int exit = run("plan");

        // then
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString().lines().map(String::stripTrailing))
                .containsExactly("""
                    Plan of shop: generation 3

                    SERVICE  INSTANCES  POLICY  COMMAND
                    web      2          always  /srv/web --port 1

                    The configuration says otherwise; 'respawn apply' would
                      restart web (command, instances)
                      start new
                      update budget of the sidecar
                      keep 4
                    Only 'respawn respawn' takes up kafka.acks.\
                    """.lines().toArray(String[]::new));
    }

    @Test
    void showsBeforehandWhatApplyingWouldDo() {
        // given
        server.answers("POST /api/v1/plan", 200, DRIFT);

        // when
        int exit = run("apply", "--dry-run");

        // then
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(out.toString()).contains("restart web (command, instances)");
    }

    @Test
    void appliesAndSaysWhatCameOfIt() {
        // given
        server.answers("POST /api/v1/plan", 202, ApiServer.intent("reload", "started", null, ""));
        server.answers(
                "GET /api/v1/intents/i-1",
                200,
                ApiServer.intent("reload", "ended", "failed", "Cannot reload, nothing has changed: one; another"));

        // when
        int exit = run("apply", "--reason", "new pages");

        // then
        assertThat(exit).isEqualTo(Exit.FAILED);
        assertThat(out.toString()).contains("nothing has changed: one; another");
        assertThat(server.bodies()).containsExactly("{\"requestedBy\":\"op@box\",\"reason\":\"new pages\"}");
    }
}
