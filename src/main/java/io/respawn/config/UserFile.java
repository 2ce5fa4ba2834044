package io.respawn.config;

import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * Hands the user's file to the framework, found by the service loader: {@code quarkus.http.port} and its like may stand
 * in the same file. The framework's own way, {@code quarkus.config.locations} as a system property, would let the file
 * win over the environment. Services are left out: nobody there needs them, and their environments are secrets. A file
 * that cannot be read says nothing here: {@link Configuration} has refused it in words.
 */
public final class UserFile implements ConfigSourceProvider {

    /** The system property that names the file; not below {@code respawn}, where keys are the user's. */
    public static final String PROPERTY = "io.respawn.configuration-file";

    /** Above the packaged application.yaml (255) and files beside it (265), below the environment (300). */
    static final int ORDINAL = 275;

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader forClassLoader) {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(file -> properties(Path.of(file)))
                .<List<ConfigSource>>map(
                        properties -> List.of(new PropertiesConfigSource(properties, "configuration file", ORDINAL)))
                .orElse(List.of());
    }

    private static Map<String, String> properties(Path file) {
        Mistakes told = new Mistakes();
        return ConfigFile.text(file, told)
                .map(text -> YamlTree.parse(file.toString(), text, told).properties())
                .orElse(Map.of())
                .entrySet()
                .stream()
                .filter(entry -> !entry.getKey().startsWith("respawn.services."))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
