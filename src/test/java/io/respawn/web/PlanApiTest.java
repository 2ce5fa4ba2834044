package io.respawn.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.respawn.core.Intent.Pending;
import io.respawn.edges.EdgeProfile;
import io.respawn.edges.FakeConfiguration;
import io.respawn.edges.FakeSupervision;
import io.respawn.edges.Samples;
import io.respawn.model.Plan;
import io.respawn.model.Program;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Configured;
import io.respawn.supervise.Durability;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(EdgeProfile.class)
class PlanApiTest {

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
    void takesTheOrderToLoadTheSidecarAnew() {
        // when
        Response answer = given().contentType("application/json").post("/api/v1/respawn");

        // then
        answer.then().statusCode(202).body("action", equalTo("respawn")).body("service", nullValue());
    }

    @Test
    void saysWhatAReloadWouldDoAndOrdersIt() {
        // given
        Plan inForce = Samples.healthy().plan();
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>(inForce.services());
        services.computeIfPresent(Samples.WEB, (name, spec) -> spec.with(new Program(List.of("/bin/another"))));
        services.remove(Samples.BATCH);
        configuration.says(new Configured.Usable(
                new Plan(inForce.id(), inForce.labels(), services), List.of("kafka.bootstrap.servers")));

        // when
        Response dry = given().contentType("application/json").post("/api/v1/plan?dry-run=true");

        // then
        dry.then()
                .statusCode(200)
                .body("services.action", contains("stop", "restart"))
                .body("services[1].service", equalTo("web"))
                .body("services[1].fields", hasItem("command"))
                .body("later", contains("kafka.bootstrap.servers"));
        assertThat(supervision.asked()).doesNotContain("submit");
        given().get("/api/v1/services").then().body("sidecar.drift", containsString("2 services"));
        given().contentType("application/json")
                .post("/api/v1/plan")
                .then()
                .statusCode(202)
                .body("action", equalTo("reload"));
    }

    @Test
    void namesAllMistakesOfTheConfigurationAtOnce() {
        // given
        configuration.says(new Configured.Unusable(List.of("one mistake", "another")));

        // when
        Response dry = given().contentType("application/json").post("/api/v1/plan?dry-run=true");

        // then
        dry.then().statusCode(422).contentType(PROBLEM).body("detail", containsString("one mistake\nanother"));
        given().get("/api/v1/plan").then().statusCode(200).body("drift.mistakes", contains("one mistake", "another"));
    }
}
