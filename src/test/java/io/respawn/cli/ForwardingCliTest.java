package io.respawn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the command line says of output that is forwarded. */
final class ForwardingCliTest {

    private final StringWriter out = new StringWriter();
    private ApiServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new ApiServer();
        server.answers("GET /api/v1/services", 200, """
            {"sidecar":{"id":"shop"},"services":[
              {"name":"web","forwarding":{"forwarded":1200,"lost":1,"waiting":17},
               "instances":[{"index":0,"state":"ready","pid":1}]},
              {"name":"db","instances":[{"index":0,"state":"ready","pid":2}]}]}
            """);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void saysInTheTableWhatWasLost() {
        // when
        run("status");

        // then
        assertThat(out.toString())
                .containsOnlyOnce("1 line of its output lost on the way to Kafka")
                .doesNotContain("waiting");
    }

    @Test
    void countsTheLinesOfOneService() {
        // when
        run("status", "web");

        // then
        assertThat(out.toString()).contains("web: 1200 lines of its output forwarded to Kafka, 1 lost, 17 waiting");
    }

    @Test
    void saysNothingOfAServiceThatIsNotForwarded() {
        // when
        run("status", "db");

        // then
        assertThat(out.toString()).doesNotContain("Kafka,", "forwarded");
    }

    private void run(String... arguments) {
        Map<String, String> environment = Map.of("RESPAWN_URL", server.url());
        PrintWriter quiet = new PrintWriter(new StringWriter());
        assertThat(Cli.run(arguments, environment, new Output(new PrintWriter(out), quiet), new NoSidecar()))
                .isEqualTo(Exit.DONE);
    }
}
