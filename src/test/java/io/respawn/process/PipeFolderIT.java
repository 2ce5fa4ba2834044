package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.linux.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Named pipes in a folder of memory that the state directory leads to. */
final class PipeFolderIT {

    @TempDir
    private Path directory;

    private Path state;
    private Path memory;

    @BeforeEach
    void make() throws IOException {
        state = Files.createDirectory(directory.resolve("state"));
        memory = Files.createDirectory(directory.resolve("memory"));
    }

    private Path folder() throws IOException {
        return PipeFolder.in(state, List.of(memory));
    }

    @Test
    void stateDirectoryLeadsToMemoryInEveryLife() throws IOException {
        // when
        Path first = folder();
        Fifo.create(first.resolve("web-0.stdout"));

        // then
        assertThat(first).isEqualTo(state.resolve("output")).isSymbolicLink();
        assertThat(first.toRealPath()).hasParent(memory.toRealPath());
        assertThat(Files.getPosixFilePermissions(first)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(folder().toRealPath()).isEqualTo(first.toRealPath());
        assertThat(folder().resolve("web-0.stdout")).exists();
    }

    @Test
    void pipesOfAnOlderSidecarStayWhereTheyAre() throws IOException {
        // given
        Path before = PipeFolder.in(state, List.of());
        Fifo.create(before.resolve("web-0.stdout"));

        // when
        Path now = folder();

        // then
        assertThat(Files.isDirectory(now, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(now.resolve("web-0.stdout")).exists();
    }

    @Test
    void memoryThatIsGoneIsMadeAnew() throws IOException {
        // given: what a restart of the machine leaves
        Path real = folder().toRealPath();
        Files.delete(real);

        // then
        assertThat(folder().toRealPath()).isEqualTo(real);
    }

    @Test
    void folderThatIsNotOursIsNotUsed() throws IOException {
        // given: a link that leads to another link, as somebody else could prepare it
        Path prepared = Files.createDirectory(directory.resolve("prepared"));
        Path trap = Files.createSymbolicLink(memory.resolve("trap"), prepared);
        Files.createSymbolicLink(state.resolve("output"), trap);

        // when
        Path now = PipeFolder.in(state, List.of());

        // then
        assertThat(Files.isDirectory(now, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(prepared).isEmptyDirectory();
    }

    @Test
    void atTheEndNothingIsLeftButPipesThatSomebodyHolds() throws IOException {
        // given
        Path folder = folder();
        Path real = folder.toRealPath();
        List.of("a", "b").forEach(name -> Fifo.create(folder.resolve(name)));

        try (Fifo.End held = Fifo.writeEnd(folder.resolve("a"))) {
            // when
            PipeFolder.remove(state, List.of("a", "b"));

            // then
            assertThat(held.fd()).isPositive();
            assertThat(real.resolve("a")).exists();
            assertThat(real.resolve("b")).doesNotExist();
        }
        PipeFolder.remove(state, List.of("a", "b", "never-made"));
        assertThat(real).doesNotExist();
        assertThat(state).isEmptyDirectory();
    }
}
