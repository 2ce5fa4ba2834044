package io.respawn.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A copy of this project whose sources may be changed, and {@code quarkus:dev} on it. */
final class DevProject {

    private static final Path SOURCES = Path.of("src/main/java/io/respawn");
    private static final String HARMLESS = "app/KafkaLife.java";

    /** A line that means nothing, with a number that changes. */
    private static final String MARK = "LOG.debug(\"Closing the relation with Kafka";

    private final Path copy;
    private int edits;

    private DevProject(Path copy) {
        this.copy = copy;
    }

    /** With the classes of the last build, so that nothing has to be compiled before the first change. */
    static DevProject copyInto(Path folder) throws IOException {
        Path root = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        Path copy = Files.createDirectory(folder.resolve("project"));
        for (String part : List.of("pom.xml", "mvnw", ".mvn", "src/main", "src/demo", "target/classes")) {
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
        return new DevProject(copy);
    }

    /** Starts the development mode for this sidecar. */
    RunningSidecar start(RunningSidecar sidecar, String bootstrap) {
        return sidecar.with("KAFKA_BOOTSTRAP_SERVERS", bootstrap)
                .patient()
                .by(
                        copy.resolve("mvnw").toString(),
                        "quarkus:dev",
                        "-Dquickly",
                        "-Dmaven.main.skip=true",
                        "-Ddebug=false",
                        "-Dquarkus.console.enabled=false",
                        "-Drespawn.config=" + sidecar.configuration(),
                        "-Drespawn.state-directory=" + sidecar.stateDirectory(),
                        "-Dkafka.bootstrap.servers=" + bootstrap)
                .startAsItIs();
    }

    /** Changes nothing that matters, so that the next request loads the program anew. */
    void touch() {
        edits++;
        change(HARMLESS, MARK, MARK + " " + edits + "\" + \"");
    }

    /** Replaces what is there once in a source below the root package. */
    void change(String source, String from, String to) {
        Path file = copy.resolve(SOURCES).resolve(source);
        try {
            String code = Files.readString(file);
            if (code.split(java.util.regex.Pattern.quote(from), -1).length != 2) {
                throw new IllegalStateException("Cannot find once in " + file + ": " + from);
            }
            Files.writeString(file, code.replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot change " + file, e);
        }
    }
}
