package io.respawn.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.respawn.edges.EdgeProfile;
import io.respawn.edges.FakeOutput;
import io.respawn.edges.FakeSupervision;
import io.respawn.edges.Samples;
import io.respawn.model.InstanceId;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Missed;
import io.respawn.supervise.OutputReader.Stream;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(EdgeProfile.class)
class LogsTest {

    private static final InstanceId FIRST = new InstanceId(Samples.WEB, 0);
    private static final InstanceId SECOND = new InstanceId(Samples.WEB, 1);
    private static final InstanceId BATCH = new InstanceId(Samples.BATCH, 0);

    @Inject
    FakeSupervision supervision;

    @Inject
    FakeOutput output;

    @TestHTTPResource("/api/v1/services/")
    URI services;

    @BeforeEach
    void beHealthy() {
        supervision.is(Samples.healthy());
        output.remembers(
                line(FIRST, 1, Stream.STDOUT, "gr\u00fc\u00dfe \u001b[31m"),
                line(SECOND, 1, Stream.STDERR, "oh"),
                line(BATCH, 1, Stream.STDOUT, "one"));
    }

    @Test
    void showsTextThatATerminalDoesNotObey() {
        given().get("/api/v1/services/web/logs")
                .then()
                .statusCode(200)
                .contentType("text/plain;charset=UTF-8")
                .body(equalTo("web/0 | gr\u00fc\u00dfe \\x1b[31m\nweb/1 ! oh\n"));
        given().get("/api/v1/services/batch/logs?lines=7")
                .then()
                .statusCode(200)
                .body(equalTo("one\n"));
        assertThat(output.asked()).containsExactly("last [web/0, web/1] 100", "last [batch/0] 7");
    }

    @Test
    void showsJsonToThoseWhoAcceptIt() {
        given().accept("application/json")
                .get("/api/v1/services/web/logs?instance=1")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("service", equalTo("web"))
                .body("lines.text", contains("oh"))
                .body("lines[0].stream", equalTo("stderr"))
                .body("lines[0].instance", equalTo(1))
                .body("lines[0].time", equalTo("2026-03-01T12:00:00Z"));
        given().get("/api/v1/services/batch/logs?format=json")
                .then()
                .statusCode(200)
                .body(equalTo("{\"time\":\"2026-03-01T12:00:00Z\",\"service\":\"batch\",\"instance\":0,\"number\":1,"
                        + "\"stream\":\"stdout\",\"text\":\"one\",\"cut\":false}\n"));
    }

    @Test
    void goesOnWithEveryLineUntilTheReaderLeaves() throws Exception {
        // given
        HttpRequest request = HttpRequest.newBuilder(services.resolve("batch/logs?follow=true&lines=5"))
                .build();
        output.remembers(line(BATCH, 1, Stream.STDOUT, "one"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(request, BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).isEqualTo("one");

                // when
                output.comes(line(BATCH, 2, Stream.STDOUT, "two"));

                // then: at once, not with the line after it
                assertThat(lines.readLine()).isEqualTo("two");
                output.comes(new Missed(12));
                assertThat(lines.readLine()).startsWith("... 12 lines are missing here");
            }
            client.shutdownNow();
        }
        Awaitility.await().until(() -> output.asked().contains("cancel"));
        assertThat(output.asked()).containsExactly("follow [batch/0] 5", "cancel");
    }

    @ParameterizedTest
    @CsvSource({
        "nobody/logs, 404, Cannot find service 'nobody'",
        "nobody/logs?follow=true, 404, Cannot find service 'nobody'",
        "web/logs?instance=2, 404, Cannot find instance 2 of 'web': there are 2",
        "web/logs?instance=x, 400, Cannot use instance 'x'",
        "web/logs?lines=1001, 400, Cannot show '1001' lines",
        "web/logs?format=xml, 400, Cannot use format 'xml'",
        "Web!/logs, 400, Cannot use 'Web!'"
    })
    void refusesWhatItCannotShow(String path, int status, String detail) {
        given().get("/api/v1/services/" + path)
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("detail", containsString(detail));
    }

    @Test
    void doesNotFollowInOneObject() {
        given().accept("application/json")
                .get("/api/v1/services/web/logs?follow=true")
                .then()
                .statusCode(406)
                .body("detail", containsString("accept text/plain"));
    }

    private static Line line(InstanceId instance, long number, Stream stream, String text) {
        return new Line(instance, number, Samples.NOW, stream, text, false);
    }
}
