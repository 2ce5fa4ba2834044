package io.respawn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NextImageTest {

    private static final FileTime RECORDED = FileTime.fromMillis(86_400_123L);

    @TempDir
    Path folder;

    private Path jar;
    private String cache;

    @BeforeEach
    void record() throws IOException {
        jar = Files.writeString(Files.createDirectory(folder.resolve("app")).resolve("a.jar"), "1234");
        Files.setLastModifiedTime(jar, RECORDED);
        Files.writeString(folder.resolve("respawn.jars"), "4 86400 ./app/a.jar\n");
        cache = folder.resolve("respawn.aot") + ":" + folder.resolve("respawn.jsa");
    }

    @Test
    void cacheOfTheseJarsStays() throws IOException {
        assertThat(NextImage.changed(cache)).isEmpty();
    }

    @Test
    void cacheOfOtherJarsIsSeen() throws IOException {
        Files.writeString(jar, "12345");
        Files.setLastModifiedTime(jar, RECORDED);
        assertThat(NextImage.changed(cache)).contains(jar);

        Files.writeString(jar, "4321");
        assertThat(NextImage.changed(cache)).contains(jar);

        Files.delete(jar);
        assertThat(NextImage.changed(cache)).contains(jar);
    }

    @Test
    void cacheOfSomebodyElseIsLeftAlone() throws IOException {
        Files.delete(folder.resolve("respawn.jars"));

        assertThat(NextImage.changed(cache)).isEmpty();
    }
}
