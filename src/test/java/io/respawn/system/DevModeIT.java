package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Live reload for real: quarkus:dev on a copy of the project, whose sources change. */
@Tag("slow")
@Timeout(400)
final class DevModeIT {

    private static final String ID = "reloaded";
    private static final String EDITED = "src/main/java/io/respawn/app/KafkaLife.java";
    private static final String TEXT = "\"Closing the relation with Kafka";

    @TempDir
    Path folder;

    @Test
    void keepsProcessesAndStateOverReloadsOverABrokenOneAndStopsThemAtTheEnd() throws IOException {
        // given
        Path project = copyOfTheProject();
        try (var broker = KafkaBroker.start(folder.resolve("broker"));
                var sidecar = new RunningSidecar(
                        folder, ID, "steady: { command: %s }\n".formatted(new Scripts(folder, ID).willing()))) {
            sidecar.with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                    .patient()
                    .by(
                            project.resolve("mvnw").toString(),
                            "--offline",
                            "quarkus:dev",
                            "-Ddebug=false",
                            "-Drespawn.config=" + sidecar.configuration(),
                            "-Drespawn.state-directory=" + sidecar.stateDirectory(),
                            "-Dkafka.bootstrap.servers=" + broker.bootstrap())
                    .startAsItIs()
                    .awaitReady();
            JsonNode before = sidecar.instance("steady");

            // when: good, broken, good again
            for (int reload = 1; reload <= 2; reload++) {
                reload(project, sidecar, TEXT + reload + "\"", reload);
            }
            edit(project, "nonsense");
            sidecar.awaitAnswer("/api/v1/services", 500);
            reload(project, sidecar, TEXT + "\"", 3);

            // then
            assertThat(sidecar.instance("steady").path("pid")).isEqualTo(before.path("pid"));
            assertThat(sidecar.instance("steady").path("incarnation")).isEqualTo(before.path("incarnation"));
            assertThat(sidecar.instance("steady").path("restarts").asInt()).isZero();

            // and when
            sidecar.terminate();

            // then: Maven does not wait for what it started
            await("the end of all services").until(() -> Tagged.of(ID).isEmpty());
            assertThat(sidecar.log()).content().contains("service stopped service=steady");
        }
    }

    private static void reload(Path project, RunningSidecar sidecar, String text, int count) {
        edit(project, text);
        sidecar.awaitStatus("reload " + count, status -> {
            try {
                return Files.readString(sidecar.log()).split("Live reload total time", -1).length > count;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        sidecar.awaitReady();
    }

    private static void edit(Path project, String text) {
        Path source = project.resolve(EDITED);
        try {
            String code = Files.readString(source);
            Files.writeString(source, code.replaceFirst("(?<=LOG.debug\\()[^)]*", text));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot change " + source, e);
        }
    }

    private Path copyOfTheProject() throws IOException {
        Path root = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        Path copy = Files.createDirectory(folder.resolve("project"));
        for (String part : new String[] {"pom.xml", "mvnw", ".mvn", "src/main", "src/demo"}) {
            try (Stream<Path> files = Files.walk(root.resolve(part))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Path target = copy.resolve(root.relativize(file));
                    Files.createDirectories(target.getParent());
                    if (!Files.isDirectory(file)) {
                        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                    }
                }
            }
        }
        return copy;
    }
}
