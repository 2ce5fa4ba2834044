package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.linux.SelfExec.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SelfExecTest {

    @TempDir
    Path folder;

    @Test
    void takesThePathThatTheCommandLineNamesThoughTheRunningFileWasMovedAway() {
        assertThat(Image.place(Path.of("/opt/respawn/lib/aside"), "/opt/respawn/lib/respawn"))
                .isEqualTo(Path.of("/opt/respawn/lib/respawn"));
    }

    @Test
    void takesThePathOfTheRunningFileThoughThatWasReplacedWhereTheCommandLineNamesNone() {
        assertThat(Image.place(Path.of("/opt/bin/java (deleted)"), "java")).isEqualTo(Path.of("/opt/bin/java"));
        assertThat(Image.place(Path.of("/opt/bin/java"), "java")).isEqualTo(Path.of("/opt/bin/java"));
    }

    @Test
    void leavesAFileAloneWhoseNameEndsSo() throws IOException {
        Path odd = Files.createFile(folder.resolve("java (deleted)"));

        assertThat(Image.place(odd, "java")).isEqualTo(odd);
    }
}
