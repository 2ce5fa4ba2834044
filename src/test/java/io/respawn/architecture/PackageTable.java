package io.respawn.architecture;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The package table of the design, as data. A new import that fails here is a question about the design first. */
final class PackageTable {

    private static final Set<String> MODEL = Set.of("model");
    private static final Set<String> INSIDE = Set.of("supervise", "core", "model");

    private static final String MUTINY = "io.smallrye.mutiny";

    private static final String LOGGING = "org.jboss.logging";

    /** What a class at the edge needs to be a bean. Inside the edge there are plain constructors. */
    private static final Set<String> BEANS = Set.of(
            "jakarta.annotation",
            "jakarta.enterprise",
            "jakarta.inject",
            "io.quarkus.arc",
            "io.quarkus.runtime",
            "io.smallrye.common.annotation",
            "org.eclipse.microprofile.config.inject");

    private static final String PURE =
            "let the value come in with the event, or return an effect and let an adapter carry it out";
    private static final String PORT =
            "adapters never import each other: add to a port in supervise and let app connect the two";
    private static final String FOREIGN = "system calls are bound in linux.libc: add a typed method to linux";

    private static final List<Row> ROWS = List.of(
            new Row("model", Set.of(), Set.of(), PURE),
            new Row("core", MODEL, Set.of(), PURE),
            new Row("codec", Set.of("model", "core"), Set.of("com.fasterxml.jackson"), PURE),
            new Row("supervise", Set.of("model", "core"), Set.of(MUTINY, LOGGING), "declare a port for it"),
            new Row("linux", Set.of("linux.libc"), Set.of(), FOREIGN),
            new Row("linux.libc", Set.of(), Set.of("java.lang.foreign"), "libc decides nothing: do it in linux"),
            new Row("process", inside("linux"), Set.of(MUTINY, LOGGING), PORT),
            new Row("probe", inside("linux"), edge(MUTINY, "io.vertx"), PORT),
            new Row("journal", inside("linux", "codec"), Set.of(LOGGING), PORT),
            new Row(
                    "kafka",
                    inside("codec"),
                    edge(
                            MUTINY,
                            "org.apache.kafka",
                            "io.quarkus.kafka.client",
                            "io.smallrye.reactive.messaging",
                            "org.eclipse.microprofile.reactive.messaging",
                            "org.eclipse.microprofile.config"),
                    PORT),
            new Row("handover", inside("linux", "codec"), Set.of(LOGGING), PORT),
            new Row("schedule", INSIDE, edge(MUTINY, "io.quarkus.scheduler", "com.cronutils"), PORT),
            new Row(
                    "config",
                    MODEL,
                    edge("io.smallrye.config", "org.eclipse.microprofile.config", "org.yaml.snakeyaml"),
                    "turn the configuration into model records and hand those on"),
            new Row(
                    "web",
                    INSIDE,
                    edge(
                            MUTINY,
                            "jakarta.ws.rs",
                            "org.jboss.resteasy.reactive",
                            "io.quarkus.resteasy",
                            "io.quarkus.vertx",
                            "io.quarkus.qute",
                            "io.vertx",
                            "com.fasterxml.jackson"),
                    PORT),
            new Row(
                    "observe",
                    INSIDE,
                    edge(
                            MUTINY,
                            "org.eclipse.microprofile.health",
                            "io.smallrye.health",
                            "io.micrometer",
                            "io.prometheus"),
                    PORT),
            new Row(
                    "cli",
                    Set.of("codec", "model"),
                    Set.of("picocli", "java.net.http", "org.apache.kafka", "com.fasterxml.jackson"),
                    "a client verb talks to the API or to Kafka: it boots nothing"),
            new Row("app", Set.of("*"), Set.of("*"), "app may import everything"));

    private PackageTable() {}

    /** The row of a package below the root; packages are flat, so only an exact name has one. */
    static Optional<Row> row(String name) {
        return ROWS.stream().filter(row -> row.name().equals(name)).findFirst();
    }

    static Stream<Row> rows() {
        return ROWS.stream();
    }

    private static Set<String> inside(String... further) {
        return Stream.concat(INSIDE.stream(), Arrays.stream(further)).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> edge(String... further) {
        return Stream.of(Stream.of(LOGGING), BEANS.stream(), Arrays.stream(further))
                .flatMap(prefixes -> prefixes)
                .collect(Collectors.toUnmodifiableSet());
    }
}
