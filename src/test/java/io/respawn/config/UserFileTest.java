package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFileTest {

    @TempDir
    Path directory;

    @AfterEach
    void forgetTheFile() {
        System.clearProperty(UserFile.PROPERTY);
    }

    @Test
    void reachesTheFrameworkBelowTheEnvironmentAndAboveThePackagedDefaults() throws IOException {
        // given
        Path file = Files.writeString(directory.resolve("respawn.yaml"), """
                respawn: { id: shop, services: { web: { command: [ x ], environment: { SECRET: hunter2 } } } }
                quarkus: { http: { port: 8099, host: 0.0.0.0 }, log: { category: { "io.respawn": { level: DEBUG } } } }
                """);
        System.setProperty(UserFile.PROPERTY, file.toString());

        // when
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredSources()
                .withSources(new EnvConfigSource(Map.of("QUARKUS_HTTP_HOST", "127.0.0.2"), 300))
                .build();

        // then
        assertThat(config.getOptionalValue("quarkus.http.port", Integer.class)).contains(8099);
        assertThat(config.getOptionalValue("quarkus.http.host", String.class)).contains("127.0.0.2");
        assertThat(config.getOptionalValue("quarkus.log.category.\"io.respawn\".level", String.class))
                .contains("DEBUG");
        assertThat(config.getOptionalValue("respawn.id", String.class)).contains("shop");
        config.getPropertyNames().forEach(name -> assertThat(name).doesNotStartWith("respawn.services"));
    }

    @Test
    void isSilentWhenThereIsNoFile() {
        assertThat(new UserFile().getConfigSources(getClass().getClassLoader())).isEmpty();
    }
}
