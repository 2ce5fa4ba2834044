package io.respawn.config;

import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * Hands the user's file to the framework, found by the service loader: {@code quarkus.http.port} and its like may stand
 * in the same file. The framework's own way, {@code quarkus.config.locations} as a system property, would let the file
 * win over the environment. Services are left out: nobody there needs them, and their environments are secrets. A file
 * that cannot be read says nothing here: {@link Configuration} has refused it in words. To a new image that found it
 * broken it says what it said when it was last in order.
 */
public final class UserFile implements ConfigSourceProvider {

    /** The system property that names the file; not below {@code respawn}, where keys are the user's. */
    public static final String PROPERTY = "io.respawn.configuration-file";

    /** Before a key: what the file said about it when it was last in order, handed on to new images. */
    public static final String LAST = "io.respawn.last.";

    /** Set when the file is broken now: only what it said last counts. */
    public static final String BROKEN = "io.respawn.configuration-broken";

    /** What belongs to the plan. */
    private static final List<String> PLAN =
            List.of("respawn.id", "respawn.labels", "respawn.budget", "respawn.intents", "respawn.services");

    /** Above the packaged application.yaml (255) and files beside it (265), below the environment (300). */
    static final int ORDINAL = 275;

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader forClassLoader) {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(file -> System.getProperty(BROKEN) == null ? properties(Path.of(file)) : last())
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
                .filter(entry -> isForFramework(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static boolean isForFramework(String key) {
        return !key.startsWith("respawn.services.");
    }

    private static Map<String, String> last() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(LAST))
                .collect(Collectors.toMap(name -> name.substring(LAST.length()), System::getProperty));
    }

    /** The keys outside the plan about which the file said something else then than now. */
    public static List<String> changed(Map<String, String> then, Map<String, String> now) {
        return Stream.concat(then.keySet().stream(), now.keySet().stream())
                .filter(name -> name.startsWith(LAST))
                .filter(name -> !Objects.equals(then.get(name), now.get(name)))
                .map(name -> name.substring(LAST.length()))
                .filter(key -> PLAN.stream().noneMatch(key::startsWith))
                .distinct()
                .sorted()
                .toList();
    }
}
