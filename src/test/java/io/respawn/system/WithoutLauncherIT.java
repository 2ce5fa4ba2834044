package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image without a shell starts Java itself, with no signal blocked. */
@Tag("jvm")
@Timeout(90)
final class WithoutLauncherIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin/java").toString();
    private static final Path LIB = Path.of(System.getProperty("respawn.home"), "lib");
    private static final String JAR = LIB.resolve("quarkus-run.jar").toString();

    /** TERM, INT, HUP and USR1 as bits of a mask: bit n-1 is signal n. */
    private static final long HANDLED = 1L << 14 | 1L << 1 | 1L | 1L << 9;

    @TempDir
    Path folder;

    @Test
    void blocksItsSignalsByStartingOnceMoreInItsOwnPlace() throws IOException {
        // given
        try (var sidecar = sidecar("shell-less")
                .by(JAVA, "@" + LIB.resolve("jvm.options"), "-jar", JAR)
                .start()
                .awaitReady()) {
            long blocked = blocked(sidecar.pid());

            // when
            var ended = sidecar.terminate();

            // then
            assertThat(blocked & HANDLED).isEqualTo(HANDLED);
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.output())
                    .containsSubsequence("SIGTERM from pid", "stopped service=front", "stopping service=back");
        }
    }

    @Test
    void stopsAllInOrderWhereTheVirtualMachineKeepsTheSignals() throws IOException {
        // given: no -Xrs
        try (var sidecar = sidecar("plain")
                .by(JAVA, "--enable-native-access=ALL-UNNAMED", "-jar", JAR)
                .start()
                .awaitReady()) {
            long blocked = blocked(sidecar.pid());

            // when
            var ended = sidecar.terminate();

            // then
            assertThat(blocked & HANDLED).isZero();
            assertThat(ended.exitCode()).isEqualTo(143);
            assertThat(ended.output())
                    .containsSubsequence("the JVM is ending", "stopped service=front", "stopping service=back");
            assertThat(Tagged.of("plain")).isEmpty();
        }
    }

    private RunningSidecar sidecar(String id) {
        return new RunningSidecar(folder, id, """
                back: { command: %1$s }
                front: { command: %1$s, depends-on: { back: ready } }
                """.formatted(new Scripts(folder, id).willing()));
    }

    /** The mask of the first thread. */
    static long blocked(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("SigBlk:"))
                .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findFirst()
                .orElseThrow();
    }
}
