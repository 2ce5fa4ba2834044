package io.respawn.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Loads a configuration from text, in an environment that holds nothing but what the test says and a host name. */
final class ConfigurationFixture {

    private ConfigurationFixture() {}

    static LoadResult load(
            Path directory, String yaml, Map<String, String> environment, Map<String, String> systemProperties) {
        Map<String, String> all = new HashMap<>(Map.of("HOSTNAME", "test-host"));
        all.putAll(environment);
        try {
            Path file = Files.writeString(directory.resolve("respawn.yaml"), yaml);
            return Configuration.load(
                    new LoadRequest(Optional.of(file), all, systemProperties),
                    directory.resolve("no-default.yaml"),
                    directory.resolve("no-hostname"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
