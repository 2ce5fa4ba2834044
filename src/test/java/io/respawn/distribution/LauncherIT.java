package io.respawn.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the packaged launcher with a Java that only tells how it was started. */
final class LauncherIT {

    private static final Path HOME = Path.of(System.getProperty("respawn.home"));
    private static final Path LAUNCHER = HOME.resolve("bin/respawn");

    /** TERM, INT, HUP and USR1 as bits of a mask: bit n-1 is signal n. */
    private static final long BLOCKED = 1L << 14 | 1L << 1 | 1L | 1L << 9;

    /** What stands in for Java. It reads by itself: a shell clears the mask of the programs that it starts. */
    private static final String TELL = """
            #!/bin/sh
            printf '%s\\n' "$@"
            while read -r key value; do
              [ "$key" = SigBlk: ] && printf '%s\\n' "$value"
            done </proc/self/status
            exit 0
            """;

    @TempDir
    Path folder;

    @Test
    void startsTheSidecarWithItsOptionsAndItsSignalsBlocked() throws Exception {
        // given
        var java = javaOfVersion("25.0.1");

        // when
        var result = launch(LAUNCHER, java, "run", "--config", "a b.yaml");

        // then
        assertThat(result.exit()).isZero();
        assertThat(result.lines())
                .containsSubsequence(
                        "@" + HOME.resolve("lib/jvm.options"),
                        "-jar",
                        HOME.resolve("lib/quarkus-run.jar").toString(),
                        "run",
                        "--config",
                        "a b.yaml");
        assertThat(result.blockedSignals() & BLOCKED).isEqualTo(BLOCKED);
    }

    @Test
    void startsAClientVerbWithoutTheOptionsOfTheSidecar() throws Exception {
        // given
        var java = javaOfVersion("26");

        // when
        var result = launch(LAUNCHER, java, "status");

        // then
        assertThat(result.exit()).isZero();
        assertThat(result.lines()).contains("-XX:+UseSerialGC", "status").noneMatch(line -> line.startsWith("@"));
        assertThat(result.blockedSignals() & BLOCKED).isZero();
    }

    @Test
    void findsItsFolderThroughLinks() throws Exception {
        // given
        var java = javaOfVersion("25");
        var first = Files.createSymbolicLink(folder.resolve("first"), LAUNCHER);
        var second = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());

        // when
        var result = launch(second, java, "status");

        // then
        assertThat(result.lines()).contains(HOME.resolve("lib/quarkus-run.jar").toString());
    }

    @Test
    void refusesAJavaThatIsTooOld() throws Exception {
        // given
        var java = javaOfVersion("17.0.15");

        // when
        var result = launch(LAUNCHER, java, "run");

        // then
        assertThat(result.exit()).isEqualTo(127);
        assertThat(result.lines())
                .singleElement()
                .asString()
                .contains("Cannot use RESPAWN_JAVA_HOME=" + java, "Java 25 or newer", "correct it or unset it");
    }

    private Path javaOfVersion(String version) throws IOException {
        var home = Files.createDirectories(folder.resolve("java"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.createDirectories(home.resolve("bin"));
        var program = Files.writeString(home.resolve("bin/java"), TELL);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return home;
    }

    private static Result launch(Path launcher, Path java, String... arguments) throws Exception {
        var command = Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                .toList();
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("RESPAWN_JAVA_HOME", java.toString()));
        builder.environment().remove("RESPAWN_JAVA_OPTS");
        var process = builder.start();
        try (var output = process.inputReader()) {
            var lines = output.lines().toList();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return new Result(process.exitValue(), lines);
        }
    }

    private record Result(int exit, List<String> lines) {

        long blockedSignals() {
            return Long.parseUnsignedLong(lines.getLast(), 16);
        }
    }
}
