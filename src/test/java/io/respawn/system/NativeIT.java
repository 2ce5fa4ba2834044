package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only the native executable has to show; all other system tests run against it as they are. */
@Tag("native")
@Timeout(90)
final class NativeIT {

    /** TERM, INT, HUP and USR1 as bits of a mask: bit n-1 is signal n. */
    private static final long HANDLED = 1L << 14 | 1L << 1 | 1L | 1L << 9;

    @TempDir
    Path folder;

    @Test
    void becomesTheExecutableThatIsThereNowAndNoneThatCouldNotGoOn() throws IOException {
        Path program = RespawnRefusalIT.copy(folder.resolve("program"));
        Path executable = program.resolve("lib/respawn");
        Path aside = program.resolve("lib/aside");
        try (RunningSidecar sidecar = new RunningSidecar(folder, "replaced", "web: { command: [ sleep, \"1000\" ] }\n")
                .by(program.resolve("bin/respawn").toString())) {
            // given
            sidecar.start().awaitReady();
            long pid = sidecar.pid();
            int web = sidecar.pidOf("web");
            Object first = inode(pid);

            // when
            Files.move(executable, aside);
            String missing = respawn(sidecar, "missing");
            Files.writeString(executable, "no program at all");
            executable.toFile().setExecutable(true);
            String broken = respawn(sidecar, "broken");

            // then
            assertThat(missing).contains("failed (Cannot respawn: the new image cannot be tried");
            assertThat(broken).contains("failed (Cannot respawn: the new image cannot ");
            assertThat(inode(pid)).isEqualTo(first);

            // when
            Files.delete(executable);
            Files.copy(aside, executable, StandardCopyOption.COPY_ATTRIBUTES);
            String changed = respawn(sidecar, "changed");

            // then
            assertThat(changed).contains("succeeded (after ");
            assertThat(inode(pid)).isNotEqualTo(first).isEqualTo(inode(executable));
            sidecar.awaitReady();
            assertThat(sidecar.pid()).isEqualTo(pid);
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    @Test
    void blocksItsSignalsByStartingOnceMoreWhereNoLauncherDid() throws IOException {
        // given
        Path executable = Path.of(System.getProperty("respawn.home"), "lib/respawn");
        try (RunningSidecar sidecar = new RunningSidecar(folder, "bare", "web: { command: [ sleep, \"1000\" ] }\n")
                .by(executable.toString())
                .start()
                .awaitReady()) {
            long blocked = WithoutLauncherIT.blocked(sidecar.pid());

            // when
            Programs.Ended ended = sidecar.terminate();

            // then
            assertThat(blocked & HANDLED).isEqualTo(HANDLED);
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.output()).contains("SIGTERM from pid");
        }
    }

    private static String respawn(RunningSidecar sidecar, String id) {
        return sidecar.cli("respawn", "--wait", "--id", id).output().strip();
    }

    private static Object inode(long pid) throws IOException {
        return inode(Path.of("/proc", Long.toString(pid), "exe"));
    }

    /** Of the file itself, whatever its name is by now. */
    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }
}
