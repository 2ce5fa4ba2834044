package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.codec.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar is asked to become a program that could not go on, and does not. */
final class RespawnRefusalIT {

    private static final Path PACKAGE = Path.of(System.getProperty("respawn.home"));

    @TempDir
    Path folder;

    @Test
    @Tag("jvm")
    void goesOnWhenTheNewImageCouldNotAndTakesTheNextThatCan() throws IOException {
        Path program = copy(folder.resolve("program"));
        Path jar = program.resolve("lib/quarkus-run.jar");
        Path options = program.resolve("lib/jvm.options");
        try (RunningSidecar sidecar = new RunningSidecar(folder, "refusing", "web: { command: [ sleep, \"1000\" ] }\n")
                .by(program.resolve("bin/respawn").toString())) {
            // given
            sidecar.start().awaitReady();
            int web = sidecar.pidOf("web");

            // when
            String broken = respawn(sidecar, "broken", () -> replace(jar, "no jar at all"));
            String missing = respawn(sidecar, "missing", () -> Files.delete(jar));
            String option = respawn(sidecar, "option", () -> {
                Files.copy(PACKAGE.resolve("lib/quarkus-run.jar"), jar);
                replace(options, Files.readString(options) + "\n-XX:NoSuchOption=1\n");
            });

            // then
            assertThat(broken).contains("failed (Cannot respawn: the new image cannot go on", "jar");
            assertThat(missing).contains("failed (Cannot respawn: the new image cannot go on", "jar");
            assertThat(option).contains("failed (Cannot respawn: the new image cannot go on", "NoSuchOption");
            assertThat(sidecar.pidOf("web")).isEqualTo(web);

            // when
            String changed = respawn(
                    sidecar,
                    "changed",
                    () -> replace(
                            options, Files.readString(PACKAGE.resolve("lib/jvm.options")) + "\n-Drespawn.changed=1\n"));

            // then
            assertThat(changed).contains("succeeded (after ");
            sidecar.awaitReady();
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    @Test
    void packagedProgramRefusesACapsuleOfANewerVersionInWords() throws IOException {
        // given
        Path capsule = Files.write(folder.resolve("newer"), Seal.close(2, new byte[] {'{', '}'}));
        Path output = folder.resolve("output");
        ProcessBuilder check = new ProcessBuilder(
                        PACKAGE.resolve("bin/respawn").toString(), "run", "--config", "/not/there")
                .redirectInput(capsule.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        check.environment().put("RESPAWN_CAPSULE_CHECK", "1");
        check.environment().put("JAVA_HOME", System.getProperty("java.home"));

        // when
        Programs.Ended ended = Programs.awaitEnd(Programs.start(check), output);

        // then
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .contains("Cannot read a capsule of version 2: this program reads versions up to 1; respawn into one"
                        + " that knows it");
    }

    private interface Change {
        void make() throws IOException;
    }

    /** What is said of a respawn after a change of the program. */
    private static String respawn(RunningSidecar sidecar, String id, Change change) throws IOException {
        change.make();
        return sidecar.cli("respawn", "--wait", "--id", id).output().strip();
    }

    /** As a package is: whoever has the old one open keeps it. */
    static void replace(Path file, String content) throws IOException {
        Path next = Files.writeString(file.resolveSibling("next"), content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static Path copy(Path to) throws IOException {
        try (Stream<Path> all = Files.walk(PACKAGE)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(each, to.resolve(PACKAGE.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }
}
