package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.OutputPolicy;
import io.respawn.model.ServiceName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where output goes that little is said of. */
final class OutputConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void keepsAFileWithTheDefaultsWhenAnyOfItsKeysIsGiven() {
        // given
        String yaml = """
                respawn:
                  services:
                    web: { command: [ /srv/web ], output: { file: { max-files: 7 } } }
                    db: { command: [ /srv/db ] }
                """;

        // when
        var loaded = (LoadResult.Loaded) ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

        // then
        assertThat(loaded.plan().services().get(new ServiceName("web")).output())
                .isEqualTo(new OutputPolicy(
                        OutputPolicy.Console.PREFIX,
                        Optional.of(
                                new OutputPolicy.File(Optional.empty(), 10 * 1024 * 1024, Optional.empty(), 7, true))));
        assertThat(loaded.plan().services().get(new ServiceName("db")).output()).isEqualTo(OutputPolicy.DEFAULT);
    }
}
