package io.respawn.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Programs.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file changes under the packaged sidecar: only what has to be touched is, by every road that there is. */
final class ReloadIT {

    private static final int MANY = 200;

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void reloadOfManyServicesTouchesOnlyTheThreeConcerned() throws IOException {
        Map<String, String> services = many();
        try (RunningSidecar sidecar =
                new RunningSidecar(folder, "many", text(services)).with("RESPAWN_BUDGET_MAX_STARTING", "1000")) {
            // given
            sidecar.start().awaitReady();
            Map<String, Integer> before = pids(sidecar);
            assertThat(before).hasSize(MANY);

            // when
            services.put("s001", "{ command: [ sleep, \"10000\" ], restart: { policy: on-failure } }");
            services.put("s002", "{ command: [ sleep, \"20000\" ] }");
            services.remove("s003");
            services.put("s999", "{ command: [ sleep, \"10000\" ] }");
            write(sidecar, services);
            assertThat(sidecar.status().at("/sidecar/drift").asText()).contains("4 services");
            String dry = sidecar.cli("apply", "--dry-run").output();
            assertThat(dry)
                    .contains(
                            "update s001 (restart.policy)",
                            "restart s002 (command)",
                            "stop s003",
                            "start s999",
                            "keep " + (MANY - 3));
            assertThat(pids(sidecar)).isEqualTo(before);
            Ended applied = sidecar.cli("apply", "--reason", "new version");

            // then
            assertThat(applied.exitCode()).as(applied.output()).isZero();
            sidecar.awaitStatus(
                    "the new plan",
                    status -> pids(status).keySet().equals(services.keySet())
                            && !pids(status).get("s002").equals(before.get("s002")));
            sidecar.awaitReady();
            Map<String, Integer> after = pids(sidecar);
            assertThat(after.get("s002")).isNotEqualTo(before.get("s002"));
            before.keySet().removeAll(java.util.Set.of("s002", "s003"));
            assertThat(after).containsAllEntriesOf(before).hasSize(MANY);
            JsonNode plan = sidecar.json("/api/v1/plan");
            assertThat(plan.path("generation").asInt()).isEqualTo(2);
            assertThat(plan.at("/drift/differs").asBoolean()).isFalse();
            assertThat(sidecar.cli("plan").output()).contains("generation 2", "says the same");
            assertThat(sidecar.json("/api/v1/intents").toString()).contains("reload: changed command");
        }
    }

    @Test
    void everyRoadTakesTheSameFileUpAndABrokenOneChangesNothing() throws IOException {
        TreeMap<String, String> services = new TreeMap<>();
        services.put("calm", "{ command: [ sleep, \"10000\" ] }");
        services.put("web", "{ command: [ sleep, \"10000\" ], environment: { TOKEN: planted-secret } }");
        try (RunningSidecar sidecar = new RunningSidecar(folder, "roads", text(services))) {
            // given
            sidecar.start().awaitReady();
            int calm = sidecar.pidOf("calm");
            int web = sidecar.pidOf("web");

            // when it is broken
            write(sidecar, new TreeMap<>(Map.of("web", "{ instances: many, comand: [ x ] }")));
            Ended refused = sidecar.cli("apply");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.output())
                    .contains("services.web.instances", "services.web.comand", "nothing has changed");
            sidecar.signal("HUP");
            Ended respawned = sidecar.cli("respawn", "--wait");

            // then
            assertThat(respawned.exitCode()).as(respawned.output()).isZero();
            sidecar.awaitStatus(
                    "the broken file",
                    status -> status.at("/sidecar/drift").asText().contains("cannot be used"));
            assertThat(sidecar.pidOf("calm")).isEqualTo(calm);
            assertThat(sidecar.pidOf("web")).isEqualTo(web);

            // when by a signal
            services.put("web", "{ command: [ sleep, \"10000\" ], environment: { TOKEN: planted-another } }");
            write(sidecar, services);
            sidecar.signal("HUP");
            int second = awaitAnother(sidecar, web);

            // when by a respawn
            services.put("web", "{ command: [ sleep, \"20000\" ] }");
            write(sidecar, services);
            assertThat(sidecar.cli("respawn", "--wait").exitCode()).isZero();
            int third = awaitAnother(sidecar, second);

            // when nobody looks
            sidecar.kill();
            services.put("web", "{ command: [ sleep, \"30000\" ] }");
            write(sidecar, services);
            sidecar.start();
            awaitAnother(sidecar, third);

            // then
            assertThat(sidecar.pidOf("calm")).isEqualTo(calm);
            assertThat(sidecar.json("/api/v1/plan").toString()).doesNotContain("planted");
            assertThat(Files.readString(sidecar.log())).doesNotContain("planted");
            assertThat(Files.readString(sidecar.stateDirectory().resolve("plan"), ISO_8859_1))
                    .doesNotContain("planted");
            assertStaysWhatItIs(sidecar, calm);
        }
    }

    private static void assertStaysWhatItIs(RunningSidecar sidecar, int calm) throws IOException {
        // when
        Files.writeString(sidecar.configuration(), "respawn:\n  id: another\n  services: {}\n");
        Ended renamed = sidecar.cli("apply");

        // then
        assertThat(renamed.exitCode()).isEqualTo(1);
        assertThat(renamed.output()).contains("respawn.id", "another");
        assertThat(sidecar.pidOf("calm")).isEqualTo(calm);
    }

    private static int awaitAnother(RunningSidecar sidecar, int before) {
        sidecar.awaitStatus("another process of web", status -> {
            Integer now = pids(status).get("web");
            return now != null && now > 0 && now != before;
        });
        await("the kept plan")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(sidecar.stateDirectory().resolve("plan")));
        sidecar.awaitStatus(
                "no drift", status -> status.at("/sidecar/drift").asText("?").isEmpty());
        return sidecar.pidOf("web");
    }

    private static Map<String, String> many() {
        Map<String, String> services = new TreeMap<>();
        for (int i = 0; i < MANY; i++) {
            services.put("s%03d".formatted(i), "{ command: [ sleep, \"10000\" ] }");
        }
        return services;
    }

    private static String text(Map<String, String> services) {
        StringBuilder text = new StringBuilder();
        services.forEach(
                (name, spec) -> text.append(name).append(": ").append(spec).append('\n'));
        return text.toString();
    }

    private static void write(RunningSidecar sidecar, Map<String, String> services) throws IOException {
        Path next = sidecar.configuration().resolveSibling("next.yaml");
        Files.writeString(
                next,
                "respawn:\n  id: " + sidecar.id() + "\n  services:\n"
                        + text(services).indent(4));
        Files.move(next, sidecar.configuration(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, Integer> pids(RunningSidecar sidecar) {
        return pids(sidecar.status());
    }

    private static Map<String, Integer> pids(JsonNode status) {
        Map<String, Integer> pids = new TreeMap<>();
        for (JsonNode service : status.path("services")) {
            pids.put(
                    service.path("name").asText(),
                    service.at("/instances/0").path("pid").asInt());
        }
        return pids;
    }
}
