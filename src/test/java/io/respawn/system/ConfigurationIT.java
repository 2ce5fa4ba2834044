package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.system.Programs.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration with mistakes: all are named, and nothing is touched. */
final class ConfigurationIT {

    private static final String MISTAKES = """
            web:
              command: [ sleep, "1000" ]
              instances: many
              depends-on: { nobody: ready }
              stop: { signal: SIGNOTHING, grace-period: 5 parsecs }
            other:
              comand: [ sleep, "1000" ]
              command: [ sleep, "1000" ]
            """;

    @TempDir
    Path folder;

    @Test
    void runNamesEveryMistakeAndStartsNothing() {
        try (RunningSidecar sidecar = new RunningSidecar(folder, "faulty", MISTAKES)) {
            // when
            Ended ended = sidecar.start().awaitEnd();

            // then
            assertThat(ended.exitCode()).isEqualTo(2);
            assertNamesAllFive(ended.output());
            assertThat(sidecar.stateDirectory()).doesNotExist();
            assertThat(Tagged.of("faulty")).isEmpty();
        }
    }

    @Test
    void checkNamesTheSameMistakes() {
        try (RunningSidecar sidecar = new RunningSidecar(folder, "checked", MISTAKES)) {
            // when
            Ended ended =
                    sidecar.cli("check", "--config", sidecar.configuration().toString());

            // then
            assertThat(ended.exitCode()).isEqualTo(2);
            assertNamesAllFive(ended.output());
            assertThat(sidecar.stateDirectory()).doesNotExist();
            assertThat(Tagged.of("checked")).isEmpty();
        }
    }

    private static void assertNamesAllFive(String output) {
        assertThat(output.lines().filter(line -> line.contains("Cannot")))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("respawn.services.web.instances", "many"),
                        line -> assertThat(line).contains("respawn.services.web.depends-on", "nobody"),
                        line -> assertThat(line).contains("respawn.services.web.stop.signal", "SIGNOTHING"),
                        line -> assertThat(line).contains("respawn.services.web.stop.grace-period", "5 parsecs"),
                        line -> assertThat(line).contains("respawn.services.other.comand", "command"));
    }
}
