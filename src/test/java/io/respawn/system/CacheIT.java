package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.linux.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The ahead-of-time cache of the package, also in another folder, and when its jars are not the recorded ones any more. */
@Tag("jvm")
final class CacheIT {

    private static final String CACHED = "source: shared objects file";
    private static final String STALE = "ahead-of-time cache was recorded of ";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path program;

    @BeforeEach
    void moveIt() throws IOException {
        program = RespawnRefusalIT.copy(folder.resolve("program"));
    }

    @Test
    void serveCoreAndFrameworkAlsoInAnotherFolder() throws IOException {
        // given
        Path loaded = folder.resolve("loaded");
        try (RunningSidecar sidecar =
                sidecar("cached").with("RESPAWN_JAVA_OPTS", "-Xlog:class+load:file=" + loaded + ":none:filecount=0")) {
            // when
            sidecar.start().awaitReady();

            // then
            assertThat(source(loaded, "io.respawn.app.Core")).isEqualTo(CACHED);
            assertThat(source(loaded, "io.respawn.web.ServicesResource")).startsWith(CACHED);
            assertThat(said(sidecar)).doesNotContain("[warning]", STALE);

            // when
            sidecar.cli("respawn", "--wait");
            sidecar.awaitReady();

            // then
            assertThat(source(loaded, "io.respawn.app.Resumption")).isEqualTo(CACHED);
            assertThat(arguments(sidecar)).anyMatch(argument -> argument.startsWith("-XX:SharedArchiveFile="));
        }
    }

    @Test
    void isNotedAndLeftOutByARespawnIntoOtherJars() throws IOException {
        try (RunningSidecar sidecar = sidecar("replaced")) {
            // given
            sidecar.start().awaitReady();

            // when
            change(jar());
            String respawn = sidecar.cli("respawn", "--wait").output();
            sidecar.awaitReady();

            // then
            assertThat(respawn).contains("succeeded");
            assertThat(said(sidecar)).containsOnlyOnce(STALE + "another " + jar());
            assertThat(arguments(sidecar)).noneMatch(argument -> argument.startsWith("-XX:SharedArchiveFile="));
        }
    }

    @Test
    void isNotedAndLeftOutByAStartWithOtherJars() throws IOException {
        // given
        change(jar());

        try (RunningSidecar sidecar = sidecar("stale")) {
            // when
            sidecar.start().awaitReady();

            // then
            assertThat(said(sidecar))
                    .containsOnlyOnce(STALE + "other jars than " + program.resolve("lib") + " has now");
            assertThat(arguments(sidecar)).noneMatch(argument -> argument.startsWith("-XX:SharedArchiveFile="));
        }
    }

    private RunningSidecar sidecar(String id) throws IOException {
        return new RunningSidecar(folder, id, "web: { command: [ sleep, \"1000\" ] }\n")
                .by(program.resolve("bin/respawn").toString());
    }

    private Path jar() throws IOException {
        try (Stream<Path> jars = Files.list(program.resolve("lib/app"))) {
            return jars.findFirst().orElseThrow();
        }
    }

    /** As a package is: whoever has the old one open keeps it. The same classes, as of now. */
    private static void change(Path jar) throws IOException {
        Path next = Files.copy(jar, jar.resolveSibling("next"));
        Files.setLastModifiedTime(next, FileTime.from(Instant.now()));
        Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String said(RunningSidecar sidecar) throws IOException {
        return Files.readString(sidecar.log());
    }

    private static List<String> arguments(RunningSidecar sidecar) {
        return ProcFs.commandLine((int) sidecar.pid()).orElseThrow();
    }

    /** Where the virtual machine has a class from. */
    private static String source(Path loaded, String type) throws IOException {
        try (Stream<String> lines = Files.lines(loaded)) {
            return lines.filter(line -> line.startsWith(type + " "))
                    .map(line -> line.substring(type.length() + 1))
                    .findFirst()
                    .orElse("nowhere");
        }
    }
}
