package io.respawn.web;

import static io.respawn.web.ApiTest.json;
import static io.respawn.web.ApiTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.respawn.core.Intent;
import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Pending;
import io.respawn.core.Intent.Started;
import io.respawn.core.Intent.Target;
import io.respawn.core.QueuePlace;
import io.respawn.edges.EdgeProfile;
import io.respawn.edges.FakeSupervision;
import io.respawn.edges.Samples;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.WaitFor;
import io.respawn.supervise.Durability;
import io.respawn.testing.Commands;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API shows of intents, and what it takes back. */
@QuarkusTest
@TestProfile(EdgeProfile.class)
class IntentsApiTest {

    private static final IntentId ID = new IntentId("deploy-2");

    @Inject
    FakeSupervision supervision;

    @BeforeEach
    void beHealthy() {
        supervision.is(Samples.healthy());
        supervision.onSubmit(command -> Samples.intent(command, 9, new Pending()), Durability.KAFKA);
        supervision.asked().clear();
    }

    @Test
    void takesAWholeCommand() {
        json("{\"id\": \"release/7\", \"action\": \"restart\", \"service\": \"web\"}")
                .post("/api/v1/intents")
                .then()
                .statusCode(202)
                .body("id", equalTo("release/7"))
                .header("Location", endsWith("/api/v1/intents/release%2F7"));
    }

    @Test
    void findsAnIntentWhoseIdHasSlashes() {
        // given
        supervision.is(Samples.healthy(Samples.intent("release/7", 1, Samples.ended(Outcome.FAILED, "no such file"))));

        // when
        Response answer = given().urlEncodingEnabled(false).get("/api/v1/intents/release%2F7");

        // then
        answer.then()
                .statusCode(200)
                .body("phase", equalTo("ended"))
                .body("outcome", equalTo("failed"))
                .body("detail", equalTo("no such file"))
                .body("targets[0].before", equalTo(1))
                .body("targets[0].after", equalTo(2))
                .body("endedAt", equalTo("2026-03-01T12:00:01Z"));
    }

    @Test
    void listsIntentsNewestFirst() {
        // given
        supervision.is(Samples.healthy(
                Samples.intent("a", 1, new Pending()),
                Samples.intent("b", 2, Samples.ended(Outcome.SUCCEEDED, "")),
                Samples.intent("c", 3, new Pending())));

        // when // then
        given().get("/api/v1/intents").then().body("intents.id", contains("c", "b", "a"));
        given().get("/api/v1/intents?limit=1")
                .then()
                .body("intents.id", contains("c"))
                .body("total", equalTo(3));
    }

    @Test
    void waitsForTheEndOfAnIntent() throws Exception {
        // given
        supervision.is(Samples.healthy(Samples.intent("slow", 1, new Pending())));
        CompletableFuture<Response> answer =
                CompletableFuture.supplyAsync(() -> given().get("/api/v1/intents/slow?wait=true&timeout=30s"));
        Awaitility.await("look").until(() -> supervision.asked().contains("snapshot"));

        // when
        supervision.is(Samples.healthy(Samples.intent("slow", 1, Samples.ended(Outcome.SUCCEEDED, ""))));
        supervision.announce("succeeded", new IntentId("slow"));

        // then
        answer.get(10, TimeUnit.SECONDS).then().statusCode(200).body("outcome", equalTo("succeeded"));
    }

    @Test
    void answersWithTheOpenIntentWhenTheWaitIsOver() {
        supervision.is(Samples.healthy(Samples.intent("slow", 1, new Pending())));
        given().get("/api/v1/intents/slow?wait=true&timeout=50ms")
                .then()
                .statusCode(200)
                .body("phase", equalTo("pending"))
                .body("outcome", nullValue());
    }

    @Test
    void saysWhoOrderedWhatAndWhatBecameOfIt() {
        // given
        Command forced = Commands.of(ID, Action.RESTART, Samples.WEB)
                .requestedBy("op@box")
                .reason("new pages")
                .priority(7)
                .notBefore(Samples.NOW)
                .expiresAt(Samples.NOW.plusSeconds(60))
                .ifIncarnation(3)
                .waitFor(WaitFor.READY)
                .gracePeriod(Duration.ofSeconds(5))
                .force(true)
                .made();
        Target target = new Target(0, 3, 4, Optional.of(new Intent.Result(Outcome.COALESCED, "with it")));
        Ended ended = new Ended(
                Outcome.COALESCED,
                Samples.NOW.plusSeconds(2),
                "carried out by deploy-1",
                List.of(target),
                Optional.of(new IntentId("deploy-1")));
        supervision.is(Samples.healthy(Samples.intent(forced, 1, ended)));

        // when // then
        given().get("/api/v1/intents/deploy-2")
                .then()
                .statusCode(200)
                .body("source", equalTo("test"))
                .body("requestedBy", equalTo("op@box"))
                .body("reason", equalTo("new pages"))
                .body("force", equalTo(true))
                .body("priority", equalTo(7))
                .body("notBefore", equalTo("2026-03-01T12:00:00Z"))
                .body("expiresAt", equalTo("2026-03-01T12:01:00Z"))
                .body("ifIncarnation", equalTo(3))
                .body("wait", equalTo("ready"))
                .body("gracePeriod", equalTo("PT5S"))
                .body("outcome", equalTo("coalesced"))
                .body("detail", equalTo("carried out by deploy-1"))
                .body("endedBy", equalTo("deploy-1"))
                .body("targets[0].before", equalTo(3))
                .body("targets[0].after", equalTo(4))
                .body("targets[0].outcome", equalTo("coalesced"))
                .body("acceptedAt", equalTo("2026-03-01T12:00:00Z"))
                .body("endedAt", equalTo("2026-03-01T12:00:02Z"))
                .body("$", not(hasKey("waitsFor")));
    }

    @Test
    void saysWhatAnOrderWaitsFor() {
        // given
        Intent under = Samples.intent("under", 1, new Started(Samples.NOW, List.of(), List.of(new IntentId("rider"))));
        Command tomorrow = Commands.of(new IntentId("tomorrow"), Action.STOP, Samples.BATCH)
                .notBefore(Samples.NOW.plusSeconds(86_400))
                .made();
        supervision.is(Samples.waiting(
                Map.of(
                        new IntentId("queued"),
                        new QueuePlace(2, Optional.of(Samples.NOW.plusSeconds(12)), "number 2 in the queue")),
                under,
                Samples.intent("rider", 2, new Pending()),
                Samples.intent("next", 3, new Pending()),
                Samples.intent("queued", 4, new Pending()),
                Samples.intent(tomorrow, 5, new Pending())));

        // when // then
        given().get("/api/v1/intents?state=open")
                .then()
                .body("intents.id", contains("tomorrow", "queued", "next", "rider", "under"))
                .body("intents[0].waitsFor", equalTo("is not to begin before 2026-03-02T12:00:00Z"))
                .body("intents[1].waitsFor", equalTo("number 2 in the queue"))
                .body("intents[1].queuePosition", equalTo(2))
                .body("intents[1].eta", equalTo("2026-03-01T12:00:12Z"))
                .body("intents[2].waitsFor", equalTo("comes after under, which is under way"))
                .body("intents[3].waitsFor", equalTo("is carried out with under, which is under way"))
                .body("intents[4].startedAt", equalTo("2026-03-01T12:00:00Z"))
                .body("intents[4]", not(hasKey("waitsFor")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state=open | c a",
                "state=pending | a",
                "state=started | c",
                "state=ended | d b",
                "state=succeeded | b",
                "state=failed&state=started | d c",
                "service=web | d c b",
                "service=batch&state=open | a",
                "requested-by=op | a",
                "source=test | a",
                "source=nobody |",
            })
    void listsThoseThatAreAskedFor(String query, @Nullable String ids) {
        // given
        Command other = Commands.of(new IntentId("a"), Action.STOP, Samples.BATCH)
                .requestedBy("op")
                .made();
        supervision.is(Samples.healthy(
                Samples.intent(other, 1, new Pending()),
                Samples.intent("b", 2, Samples.ended(Outcome.SUCCEEDED, "")),
                Samples.intent("c", 3, new Started(Samples.NOW, List.of())),
                Samples.intent("d", 4, Samples.ended(Outcome.FAILED, "no"))));

        // when
        List<String> found = given().get("/api/v1/intents?" + query).jsonPath().getList("intents.id");

        // then
        assertThat(found).isEqualTo(ids == null ? List.of() : List.of(ids.split(" ")));
    }

    @Test
    void takesAnOrderBackThatHasNotBegun() {
        // given
        supervision.is(Samples.healthy(Samples.intent("deploy-2", 1, new Pending())));
        AtomicReference<Command> cancel = new AtomicReference<>();
        supervision.onSubmit(
                command -> {
                    cancel.set(command);
                    supervision.is(Samples.healthy(
                            Samples.intent("deploy-2", 1, Samples.ended(Outcome.CANCELLED, "cancelled by x"))));
                    return Samples.intent(command, 2, Samples.ended(Outcome.SUCCEEDED, ""));
                },
                Durability.KAFKA);

        // when
        Response answer = given().urlEncodingEnabled(false)
                .delete("/api/v1/intents/deploy-2?requested-by=op@box&reason=too%20early");

        // then
        answer.then().statusCode(200).body("id", equalTo("deploy-2")).body("outcome", equalTo("cancelled"));
        assertThat(cancel.get().action()).isEqualTo(Action.CANCEL);
        assertThat(cancel.get().target()).contains(ID);
        assertThat(cancel.get().requestedBy()).isEqualTo("op@box");
        assertThat(cancel.get().reason()).isEqualTo("too early");
    }

    @Test
    void saysWhyAnOrderCannotBeTakenBack() {
        // given
        supervision.is(Samples.healthy(Samples.intent("deploy-2", 1, Samples.ended(Outcome.SUCCEEDED, ""))));
        supervision.onSubmit(
                command -> Samples.intent(command, 2, Samples.ended(Outcome.FAILED, "Cannot cancel: it is over")),
                Durability.KAFKA);

        // when
        Response over = given().delete("/api/v1/intents/deploy-2");
        Response unknown = given().delete("/api/v1/intents/ghost");

        // then
        assertThat(problem(over, 409)).isEqualTo("Cannot cancel: it is over");
        assertThat(over.jsonPath().getString("intent.id")).isEqualTo("deploy-2");
        assertThat(over.jsonPath().getString("intent.outcome")).isEqualTo("succeeded");
        assertThat(problem(unknown, 404)).contains("GET /api/v1/intents");
        assertThat(supervision.asked()).containsOnlyOnce("submit");
    }

    @Test
    void refusesASelectorThatMeansOthers() {
        assertThat(problem(
                        json("{\"action\": \"ping\", \"selector\": {\"app\": \"shop\"}}")
                                .post("/api/v1/intents"),
                        422))
                .contains("the selector's 'app' does not match");
    }
}
