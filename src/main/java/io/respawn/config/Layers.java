package io.respawn.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Lays the sources over each other: system properties win over the environment, which wins over the file, which wins
 * over the defaults. Expressions are resolved across all of them.
 */
final class Layers {

    private static final Pattern NAME_IN_MESSAGE = Pattern.compile("property (respawn[^\\s]*)");
    private static final Pattern EXPRESSION = Pattern.compile("(?<!\\$)\\$\\{([A-Za-z0-9_.-]+)");
    private static final int FALLBACK_ORDINAL = -1000;
    private static final int OVERRIDE_ORDINAL = 1000;

    private final LoadRequest request;
    private final YamlTree.Parsed file;
    private final Optional<String> hostName;
    private final Mistakes mistakes;
    private final EnvConfigSource environment;
    private final SmallRyeConfig plain;

    Layers(LoadRequest request, YamlTree.Parsed file, Optional<String> hostName, Mistakes mistakes) {
        this.request = request;
        this.file = file;
        this.hostName = hostName;
        this.mistakes = mistakes;
        this.environment = new EnvConfigSource(request.environment(), 300);
        this.plain = builder(file.properties()).build();
    }

    /** The mapped keys; empty with a mistake when the library refuses them. */
    Optional<RespawnConfig> respawn() {
        Map<String, String> resolved = new HashMap<>();
        Map<String, String> unresolved = new HashMap<>();
        for (String name : file.properties().keySet()) {
            if (name.startsWith("respawn.")) {
                // The mistake is noted; with an empty value in its place the rest can still be read.
                resolved(name).ifPresentOrElse(value -> resolved.put(name, value), () -> unresolved.put(name, ""));
            }
        }
        try {
            List<Supplier<RespawnConfig>> mappings = new ArrayList<>();
            for (Map<String, String> part : Portions.of(file.properties(), this::mayAddToServices)) {
                ConfigSource mistaken = new PartlyNamed(unresolved, part.keySet(), "unresolved", OVERRIDE_ORDINAL);
                mappings.add(
                        mappings.isEmpty()
                                ? () -> map(builder(part).withSources(mistaken))
                                : () -> map(services(resolved, part).withSources(mistaken)));
            }
            List<RespawnConfig> mapped = Together.ask(mappings);
            return Optional.of(JoinedConfig.of(mapped));
        } catch (ConfigValidationException e) {
            // Only names are taken from the library's messages: what else they quote may be a secret.
            for (int i = 0; i < e.getProblemCount(); i++) {
                Matcher name =
                        NAME_IN_MESSAGE.matcher(String.valueOf(e.getProblem(i).getMessage()));
                mistakes.add(
                        name.find() ? name.group(1) : "respawn",
                        "Cannot expand the expression in this value: a name in it is not set; correct the environment"
                                + " variable or the system property");
            }
            return Optional.empty();
        }
    }

    /** Whether a layer above the file speaks of services: then each may be about any of them. */
    private boolean mayAddToServices() {
        return request.systemProperties().keySet().stream().anyMatch(name -> name.contains(Portions.SERVICES))
                || request.environment().keySet().stream()
                        .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains("respawn_services_")
                                || name.contains(Portions.SERVICES));
    }

    /** All keys below {@code kafka}, without the prefix. */
    Map<String, String> kafka() {
        Map<String, String> found = new TreeMap<>();
        for (String name : plain.getPropertyNames()) {
            if (name.startsWith("kafka.") && name.length() > "kafka.".length()) {
                resolved(name)
                        .filter(value -> !value.isBlank())
                        .ifPresent(value -> found.put(name.substring("kafka.".length()), value));
            }
        }
        return found;
    }

    /** Whether any source but the defaults has the key. */
    boolean says(String name) {
        return request.systemProperties().containsKey(name)
                || environment.getValue(name) != null
                || file.properties().containsKey(name);
    }

    /** Where the value at a path, or what is nearest above it, stands. */
    String origin(String path) {
        if (request.systemProperties().containsKey(path)) {
            return "system property";
        }
        if (environment.getValue(path) != null) {
            return "environment";
        }
        for (String at = path; !at.isEmpty(); at = Paths.parent(at)) {
            Integer line = file.lines().get(at);
            if (line != null) {
                return "line " + line;
            }
        }
        return "";
    }

    private static RespawnConfig map(SmallRyeConfigBuilder builder) {
        return builder.withMapping(RespawnConfig.class)
                .withValidateUnknown(false)
                .build()
                .getConfigMapping(RespawnConfig.class);
    }

    /** Knows services of which nobody else speaks: their values are what was resolved already, wherever from. */
    private static SmallRyeConfigBuilder services(Map<String, String> resolved, Map<String, String> part) {
        return new SmallRyeConfigBuilder()
                .withSources(new PartlyNamed(resolved, part.keySet(), "services", UserFile.ORDINAL));
    }

    /** Knows everything, and names of the file only this part. */
    private SmallRyeConfigBuilder builder(Map<String, String> part) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(request.systemProperties(), "system properties", 400))
                .withSources(environment)
                .withSources(new PartlyNamed(file.properties(), part.keySet(), "configuration file", UserFile.ORDINAL))
                .withSources(new PropertiesConfigSource(
                        hostName.map(name -> Map.of("HOSTNAME", name)).orElse(Map.of()), "host", FALLBACK_ORDINAL));
    }

    private Optional<String> resolved(String name) {
        Optional<String> value;
        try {
            value = Optional.ofNullable(plain.getConfigValue(name).getValue());
        } catch (NoSuchElementException | IllegalArgumentException e) {
            value = Optional.empty();
        }
        if (value.isEmpty()) {
            mistakes.add(
                    name,
                    "Cannot expand the expression in this value: " + unknown(name)
                            + "; set it, give a default such as ${NAME:text}, or write $${ for a literal ${");
        }
        return value;
    }

    /** Names what is not set, unless the value may be a secret. */
    private String unknown(String name) {
        String raw = file.properties().get(name);
        if (raw != null && !name.contains(".environment.") && !name.startsWith("kafka.")) {
            Matcher expression = EXPRESSION.matcher(raw);
            while (expression.find()) {
                if (!says(expression.group(1))) {
                    return "'" + expression.group(1) + "' is not set";
                }
            }
        }
        return "a name in it is not set";
    }
}
