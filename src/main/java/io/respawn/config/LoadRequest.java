package io.respawn.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Where the configuration is to come from.
 *
 * @param file what {@code --config} named; else {@code RESPAWN_CONFIG} decides, else the default file if it is there
 */
public record LoadRequest(Optional<Path> file, Map<String, String> environment, Map<String, String> systemProperties) {

    public LoadRequest {
        environment = Map.copyOf(environment);
        systemProperties = Map.copyOf(systemProperties);
    }

    /** This process's own environment and system properties. */
    public static LoadRequest ofThisProcess(Optional<Path> file) {
        Properties properties = System.getProperties();
        return new LoadRequest(
                file,
                System.getenv(),
                properties.stringPropertyNames().stream()
                        .collect(Collectors.toMap(name -> name, properties::getProperty)));
    }

    /** Only names: the values may be secrets. */
    @Override
    public String toString() {
        return "LoadRequest[file=" + file + "]";
    }
}
