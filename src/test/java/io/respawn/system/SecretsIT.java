package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants secret values everywhere that an environment comes from, and looks for them everywhere that something is shown. */
final class SecretsIT {

    private static final List<String> PLANTED =
            List.of("planted-declared", "planted-in-file", "planted-secret", "planted-inherited", "planted-broken");

    private static final String SERVICES = """
            web:
              command: [ sh, -c, 'test "$D$F$S$SIDECARS_OWN" = "$(cat "%1$s/together")" && exec sleep 1000' ]
              environment: { D: planted-declared }
              environment-files: [ '%1$s/web.env' ]
              secret-environment: { S: '%1$s/secret' }
              inherit-environment: [ PATH, SIDECARS_OWN ]
            limited:
              command: [ sh, -c, 'test "$D$F$S$SIDECARS_OWN" = "$(cat "%1$s/together")" && exec sleep 1000' ]
              environment: { D: planted-declared }
              environment-files: [ '%1$s/web.env' ]
              secret-environment: { S: '%1$s/secret' }
              limits: { open-files: 100 }
            broken:
              command: [ sleep, "1000" ]
              environment: { D: planted-declared }
              environment-files: [ '%1$s/broken.env' ]
            misplaced:
              command: [ /there/is/none ]
              environment: { D: planted-declared }
              secret-environment: { S: '%1$s/secret' }
            crashing:
              command: [ sh, -c, 'exit 3' ]
              environment: { D: planted-declared }
              environment-files: [ '%1$s/web.env' ]
              secret-environment: { S: '%1$s/secret' }
            """;

    @TempDir
    Path folder;

    @Test
    void noValueOfAnEnvironmentIsShownOrKeptWhereOthersCanReadIt() throws IOException {
        // given
        Files.writeString(folder.resolve("web.env"), "F=planted-in-file\n");
        Files.writeString(folder.resolve("secret"), "planted-secret\n");
        Files.writeString(folder.resolve("broken.env"), "planted-broken\n");
        String together = "planted-declaredplanted-in-fileplanted-secretplanted-inherited";
        Files.writeString(folder.resolve("together"), together);
        try (Stage stage = new Stage(folder, "secrets", SERVICES.formatted(folder))
                .with("SIDECARS_OWN", "planted-inherited")
                .open()) {
            RunningSidecar sidecar = stage.sidecar();
            stage.await("web", "ready");
            stage.await("limited", "ready");

            // when all that is kept and told comes about: orders, failures, a respawn and a crash
            stage.order("web", "restart");
            stage.await(
                    "broken",
                    "its reason",
                    instance -> instance.path("reason").asText().contains("line 1"));
            stage.await(
                    "misplaced",
                    "its reason",
                    instance -> instance.path("reason").asText().contains("/there/is/none"));
            assertThat(sidecar.cli("respawn", "--wait").exitCode()).isZero();
            stage.await("web", "ready");
            sidecar.kill();
            sidecar.start();
            stage.awaitOpen();
            stage.await("web", "ready");

            // then
            Map<String, String> shown = shown(sidecar);
            told(stage).forEach(shown::put);
            assertThat(shown.get("/api/v1/plan")).contains("\"S\"", "web.env", "SIDECARS_OWN");
            assertThat(shown)
                    .allSatisfy((where, text) -> assertThat(text).as(where).doesNotContain(PLANTED));
            assertThat(shown.get("topic respawn.state")).contains("broken");
            assertThat(shown.get("log")).contains("line 1 is not of the form");
            assertThat(readableByOthers(sidecar.stateDirectory())).isEmpty();
            assertThat(containing(sidecar.stateDirectory())).isEmpty();
            stage.leave();
            assertThat(Files.readString(sidecar.log())).doesNotContain(PLANTED);
        }
    }

    /** By API, command line, metrics and log. */
    private static Map<String, String> shown(RunningSidecar sidecar) throws IOException {
        Map<String, String> shown = new TreeMap<>();
        for (String path : List.of("/api/v1/services", "/api/v1/plan", "/api/v1/intents")) {
            shown.put(path, sidecar.text(path));
        }
        for (String service : List.of("web", "limited", "broken", "misplaced", "crashing")) {
            shown.put(service, sidecar.text("/api/v1/services/" + service));
            shown.put("logs of " + service, sidecar.text("/api/v1/services/" + service + "/logs?lines=100"));
            shown.put("status of " + service, sidecar.cli("status", service).output());
        }
        shown.put("status", sidecar.cli("status").output());
        shown.put(
                "check",
                sidecar.cli("check", "--config", sidecar.configuration().toString())
                        .output());
        shown.put("metrics", sidecar.management("/q/metrics").body());
        shown.put("health", sidecar.management("/q/health").body());
        shown.put("log", Files.readString(sidecar.log()));
        return shown;
    }

    private static Map<String, String> told(Stage stage) {
        Map<String, String> told = new TreeMap<>();
        for (String topic : List.of("respawn.state", "respawn.events", "respawn.commands", "respawn.dead-letters")) {
            StringBuilder all = new StringBuilder();
            for (ConsumerRecord<byte[], byte[]> entry : stage.topics().read(topic)) {
                all.append(Topics.text(entry.key())).append(Topics.text(entry.value()));
                entry.headers().forEach(header -> all.append(Topics.text(header.value())));
            }
            told.put("topic " + topic, all.toString());
        }
        return told;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static List<Path> readableByOthers(Path directory) throws IOException {
        List<Path> open = new ArrayList<>();
        for (Path file : files(directory)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.GROUP_READ)) {
                open.add(file);
            }
        }
        return open;
    }

    private static List<Path> containing(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : files(directory)) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            if (PLANTED.stream().anyMatch(text::contains)) {
                found.add(file);
            }
        }
        return found;
    }
}
