package io.respawn.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.respawn.core.Intent;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Pending;
import io.respawn.edges.EdgeProfile;
import io.respawn.edges.FakeConfiguration;
import io.respawn.edges.FakeSupervision;
import io.respawn.edges.Samples;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.supervise.Configured;
import io.respawn.supervise.Durability;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(EdgeProfile.class)
class ApiTest {

    private static final String PROBLEM = "application/problem+json";

    @Inject
    FakeSupervision supervision;

    @Inject
    FakeConfiguration configuration;

    @BeforeEach
    void beHealthy() {
        configuration.says(new Configured.Usable(Samples.healthy().plan(), List.of()));
        supervision.is(Samples.healthy());
        supervision.onSubmit(command -> Samples.intent(command, 1, new Pending()), Durability.KAFKA);
        supervision.asked().clear();
    }

    @Test
    void showsTheSidecarAndItsServices() {
        // given
        supervision.is(Samples.crashed());

        // when
        Response answer = given().get("/api/v1/services");

        // then
        answer.then()
                .statusCode(200)
                .contentType("application/json")
                .body("sidecar.id", equalTo("demo"))
                .body("sidecar.phase", equalTo("running"))
                .body("sidecar.kafka", equalTo("live"))
                .body("sidecar.durability", equalTo("kafka"))
                .body("sidecar.epoch", equalTo(3))
                .body("sidecar.seq", equalTo(17))
                .body("sidecar.unacknowledged", equalTo(5))
                .body("services.name", contains("batch", "web"))
                .body("services[1].desired", equalTo("up"))
                .body("services[1].state", equalTo("1 backing-off, 1 ready"))
                .body("services[1].ready", equalTo(false))
                .body("services[1].essential", equalTo(true))
                .body("services[1].forwarding", equalTo(Map.of("forwarded", 1200, "lost", 3, "waiting", 17)))
                .body("services[0]", not(hasKey("forwarding")))
                .body("services[1].instances[0].state", equalTo("backing-off"))
                .body("services[1].instances[0].supervisorState", equalTo("BACKOFF"))
                .body("services[1].instances[0].pid", nullValue())
                .body("services[1].instances[0].nextStart", equalTo("2026-03-01T12:00:02Z"))
                .body("services[1].instances[0].restarts", equalTo(3))
                .body("services[1].instances[0].attempt", equalTo(2))
                .body("services[1].instances[0].reason", equalTo("SIGKILL, attempt 2"))
                .body("services[1].instances[0].lastExit.status", equalTo("SIGKILL"))
                .body("services[1].instances[0].lastExit.leftovers", equalTo(1))
                .body("services[1].instances[0].probes[0].probe", equalTo("readiness"))
                .body("services[1].instances[0].probes[0].answer", equalTo("no"))
                .body("services[1].instances[0].probes[0].at", equalTo("2026-03-01T11:59:59Z"))
                .body("services[1].instances[0].probes[0].detail", equalTo("GET /ready answered 503"))
                .body("services[1].instances[1].probes", empty())
                .body("services[1].instances[1].pid", equalTo(4712));
    }

    @Test
    void showsWhatTheProcessOfAnInstanceUses() {
        supervision.is(Samples.healthy());
        given().get("/api/v1/services/web")
                .then()
                .body("instances[0].usage.memoryBytes", equalTo(209715200))
                .body("instances[0].usage.cpuSeconds", equalTo(12.34f))
                .body("instances[0].usage.processes", equalTo(3))
                .body("instances[0].usage.threads", equalTo(25))
                .body("instances[0].usage.descriptors", equalTo(41))
                .body("instances[0].usage.maxMemoryBytes", nullValue())
                .body("instances[1].usage", nullValue());
    }

    @Test
    void showsTheLastRespawns() {
        // given
        Command order = Command.respawn(new IntentId("heap/respawn/1"), "heap", "95% of the heap", "heap");
        Intent.Ended gone = new Intent.Ended(
                Intent.Outcome.SUCCEEDED,
                Instant.parse("2026-03-01T12:00:01Z"),
                "after 300 ms, with 2 processes",
                List.of(),
                Optional.empty(),
                Optional.of(Duration.ofMillis(300)));
        supervision.is(Samples.healthy(
                Samples.intent(order, 0, gone),
                Samples.intent("other", 1, Samples.ended(Intent.Outcome.SUCCEEDED, "")),
                Samples.intent(
                        Command.of(new IntentId("refused"), "cli", Action.RESPAWN, Optional.empty()),
                        2,
                        Samples.ended(Intent.Outcome.FAILED, "no such jar"))));

        // then
        given().get("/api/v1/services")
                .then()
                .body("sidecar.respawns.id", containsInAnyOrder("heap/respawn/1", "refused"))
                .body("sidecar.respawns.find { it.id == 'refused' }.outcome", equalTo("failed"))
                .body("sidecar.respawns.find { it.id == 'refused' }.requestedBy", equalTo("cli"))
                .body("sidecar.respawns.find { it.id == 'refused' }.blackoutMillis", nullValue())
                .body("sidecar.respawns.find { it.requestedBy == 'heap' }.blackoutMillis", equalTo(300))
                .body("sidecar.respawns.find { it.requestedBy == 'heap' }.at", equalTo("2026-03-01T12:00:00Z"))
                .body("sidecar.respawns.find { it.requestedBy == 'heap' }.reason", equalTo("95% of the heap"));
    }

    @Test
    void showsOneService() {
        given().get("/api/v1/services/batch")
                .then()
                .statusCode(200)
                .body("name", equalTo("batch"))
                .body("state", equalTo("stopped"));
    }

    @Test
    void showsThePlanWithoutTheValuesOfEnvironments() {
        given().get("/api/v1/plan")
                .then()
                .statusCode(200)
                .body("id", equalTo("demo"))
                .body("services[1].environment", contains("TOKEN"))
                .body("services[1].readinessProbe.check", equalTo("http://127.0.0.1:9100/ready"))
                .body("services[1].readinessProbe", not(hasKey("action")))
                .body("services[1].livenessProbe.check", equalTo("/srv/alive --quick"))
                .body("services[1].livenessProbe.action", equalTo("restart"))
                .body("services[1].livenessProbe.signal", equalTo("SIGQUIT"))
                .body("services[1]", not(hasKey("startupProbe")))
                .body(not(containsString("secret-value")));
    }

    @Test
    void takesAnOrderByItsPath() {
        // when
        Response answer = json("{\"reason\": \"new certificate\"}").post("/api/v1/services/web/restart");

        // then
        answer.then()
                .statusCode(202)
                .body("action", equalTo("restart"))
                .body("service", equalTo("web"))
                .body("phase", equalTo("pending"))
                .body("reason", equalTo("new certificate"))
                .body("durability", equalTo("kafka"))
                .body("id", startsWith("api-"));
        assertThat(answer.header("Location")).endsWith(answer.jsonPath().getString("href"));
    }

    @Test
    void takesAnOrderWithoutABody() {
        given().contentType("application/json")
                .post("/api/v1/services/web/stop")
                .then()
                .statusCode(202)
                .body("action", equalTo("stop"));
    }

    @Test
    void refusesAnOrderThatWouldOnlyBeInMemoryUnlessThatIsAccepted() {
        // given
        supervision.is(Samples.inMemory());
        supervision.onSubmit(command -> Samples.intent(command, 1, new Pending()), Durability.MEMORY);

        // when
        Response refused = json("{}").post("/api/v1/services/web/restart");
        Response taken = json("{}").post("/api/v1/services/web/restart?accept-memory=true");

        // then
        assertThat(problem(refused, 503)).contains("read-only").contains("accept-memory=true");
        taken.then().statusCode(202).body("durability", equalTo("memory"));
        assertThat(supervision.asked()).containsOnlyOnce("submit");
    }

    @ParameterizedTest
    @CsvSource({"ghost, 404", "web, 422"})
    void answersARejectedOrderByItsReason(String service, int status) {
        // given
        supervision.onSubmit(
                command -> Samples.intent(command, 1, Samples.ended(Outcome.REJECTED, "Cannot do that")),
                Durability.KAFKA);

        // when
        Response answer = json("{}").post("/api/v1/services/" + service + "/restart");

        // then
        assertThat(problem(answer, status)).isEqualTo("Cannot do that");
        assertThat(answer.jsonPath().getString("intent.outcome")).isEqualTo("rejected");
    }

    @Test
    void refusesAnIdThatWasUsedForSomethingElse() {
        // given
        Intent known = Samples.intent("deploy-1", 1, new Pending());
        supervision.onSubmit(command -> known, Durability.KAFKA);

        // when
        Response answer = json("{\"id\": \"deploy-1\", \"reason\": \"other\"}").post("/api/v1/services/web/restart");

        // then
        assertThat(problem(answer, 409)).contains("'deploy-1' was used before");
    }

    @Test
    void saysSoWhenTheLoopDoesNotAnswer() {
        supervision.hangs();
        assertThat(problem(given().get("/api/v1/services"), 503)).contains("the loop turned last 60000 ms ago");
    }

    @Test
    void keepsWhatShouldNotHappenForTheLog() {
        // given
        supervision.onSubmit(
                command -> {
                    throw new IllegalStateException("inner secret");
                },
                Durability.KAFKA);

        // when
        Response answer = json("{}").post("/api/v1/services/web/restart");

        // then
        assertThat(problem(answer, 500)).contains("reference");
        assertThat(answer.asString()).doesNotContain("inner secret").doesNotContain("at io.respawn");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/services/ghost, 404",
        "/api/v1/services/-bad-, 400",
        "/api/v1/intents/unknown, 404",
        "/api/v1/intents/unknown?wait=true, 404",
        "/api/v1/intents/x%20y, 400",
        "/api/v1/intents/x?wait=true&timeout=soon, 400",
        "/api/v1/intents/x?wait=true&timeout=11m, 400",
        "/api/v1/intents?limit=0, 400",
        "/api/v1/intents?limit=many, 400",
        "/api/v1/intents?state=done, 400",
        "/api/v1/intents?service=ghost, 404",
        "/api/v1/nothing, 404",
        "/api/v1/services/web/restart, 405",
        "/elsewhere, 404",
        "/q/metrics, 404"
    })
    void answersWhatIsNotThereWithAProblem(String path, int status) {
        assertThat(problem(given().urlEncodingEnabled(false).get(path), status)).startsWith("Cannot");
    }

    @Test
    void namesTheMethodsThatWork() {
        Response answer = given().delete("/api/v1/services");
        assertThat(problem(answer, 405)).contains("Allow");
    }

    @Test
    void refusesABodyThatIsNoCommand() {
        assertThat(problem(json("[").post("/api/v1/intents"), 422)).contains("it begins with an array");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/cloudevents+json"})
    void takesNothingButJson(String type) {
        Response answer = raw().contentType(type).body("{}").post("/api/v1/services/web/restart");
        assertThat(problem(answer, 415)).contains("application/json");
        assertThat(supervision.asked()).isEmpty();
    }

    @Test
    void takesNoOrderWithoutAMediaType() {
        assertThat(problem(raw().post("/api/v1/services/web/restart"), 415)).contains("application/json");
    }

    @Test
    void takesNoBodyOfMoreThan64Kibibytes() {
        Response answer =
                json("{\"reason\": \"" + "x".repeat(64 * 1024) + "\"}").post("/api/v1/services/web/restart");
        assertThat(problem(answer, 413)).contains("64 KiB");
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example, 421",
        "evil.example:8080, 421",
        "127.0.0.1.evil.example, 421",
        "localhost, 200",
        "LOCALHOST:1, 200",
        "127.0.0.1:8080, 200",
        "[::1]:8080, 200",
        "sidecar.example:8080, 200"
    })
    void answersUnderItsOwnNamesOnly(String host, int status) {
        Response answer = given().header("Host", host).get("/api/v1/services");
        assertThat(answer.statusCode()).isEqualTo(status);
        if (status != 200) {
            assertThat(problem(answer, status)).contains("respawn.http.allowed-hosts");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example, 403",
        "null, 403",
        "http://localhost:1, 403",
        "https://localhost:8080, 403",
        "http://localhost:8080, 202"
    })
    void takesOrdersFromPagesOfItsOwnOriginOnly(String origin, int status) {
        Response answer = json("{}")
                .header("Host", "localhost:8080")
                .header("Origin", origin)
                .post("/api/v1/services/web/restart");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
    }

    @Test
    void takesHeadAndOptionsWithoutDoingAnything() {
        given().head("/api/v1/services").then().statusCode(200).body(equalTo(""));
        Response options = given().options("/api/v1/services/web/restart");
        assertThat(options.statusCode()).isBetween(200, 204);
        assertThat(supervision.asked()).doesNotContain("submit");
    }

    static RequestSpecification json(String body) {
        return given().contentType("application/json").body(body);
    }

    /** Without the media type that the client would make up. */
    private static RequestSpecification raw() {
        return given().config(RestAssuredConfig.config()
                .encoderConfig(
                        EncoderConfig.encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false)));
    }

    /** Checks the form of a problem and gives its detail. */
    static String problem(Response answer, int status) {
        answer.then()
                .statusCode(status)
                .contentType(startsWith(PROBLEM))
                .body("type", equalTo("about:blank"))
                .body("status", equalTo(status))
                .body("instance", startsWith("/"));
        assertThat(answer.jsonPath().getString("title")).isNotBlank();
        return answer.jsonPath().getString("detail");
    }
}
