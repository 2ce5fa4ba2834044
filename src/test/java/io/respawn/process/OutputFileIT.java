package io.respawn.process;

import static io.respawn.process.Rig.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event.ProcessSpawned;
import io.respawn.model.OutputPolicy;
import io.respawn.model.OutputPolicy.Console;
import io.respawn.supervise.OutputReader.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileIT {

    private static final long LARGE = 100L << 20;

    @TempDir
    Path directory;

    @Test
    void keepsTheBytesAsTheyWereWritten() throws Exception {
        try (Rig rig = new Rig("file-it", directory)) {
            // when
            rig.start(
                    Rig.with(shell("web", "printf '\\033[1mbold\\000\\377\\r\\n'; printf rest"), file(LARGE, 5, true)));
            rig.exited("web");

            // then
            await().until(() -> rig.texts("web").contains("rest"));
            assertThat(contents("web").text()).isEqualTo("\u001b[1mbold\0\u00ff\r\nrest");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log("web"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void keepsTheLinesOfBothStreamsWholeInOneFile() throws Exception {
        try (Rig rig = new Rig("file-it", directory)) {
            // when: every line comes in two pieces
            String loop = "i=0; while [ $i -lt 500 ]; do i=$((i+1)); printf '%s out' $i; printf 'put\\n'; done";
            rig.start(Rig.with(
                    shell("web", "(" + loop + ") & (" + loop.replace("out", "err") + ") >&2; wait"),
                    file(LARGE, 5, true)));
            rig.exited("web");

            // then
            await().ignoreExceptions()
                    .until(() -> contents("web").text().lines().count() == 1000);
            List<String> lines = contents("web").text().lines().toList();
            for (String word : List.of("output", "errput")) {
                assertThat(lines.stream().filter(line -> line.endsWith(word)))
                        .containsExactlyElementsOf(IntStream.rangeClosed(1, 500)
                                .mapToObj(i -> i + " " + word)
                                .toList());
            }
        }
    }

    @Test
    void showsHalfALineInTheFileSoonEvenIfItsOtherHalfTakesLong() throws Exception {
        try (Rig rig = new Rig("file-it", directory)) {
            // when
            rig.start(Rig.with(shell("web", "printf 'half '; exec sleep 100"), file(LARGE, 5, true)));

            // then
            await().until(() ->
                    Files.exists(log("web")) && contents("web").text().equals("half "));
            assertThat(rig.texts("web")).isEmpty();
        }
    }

    @Test
    void beginsAFreshFileBetweenLinesAndKeepsAndCompressesSoMany() throws Exception {
        try (Rig rig = new Rig("file-it", directory)) {
            // when
            rig.start(Rig.with(
                    shell("web", "i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo line $i; done"),
                    file(8192, 4, true)));
            rig.exited("web");

            // then
            await().until(() ->
                    rig.last("web", 1).stream().map(Line::number).toList().equals(List.of(5000L)));
            await().ignoreExceptions()
                    .until(() -> contents("web").old().size() == 3
                            && contents("web").old().stream()
                                    .allMatch(file -> file.toString().endsWith(".gz")));
            List<String> kept = contents("web").text().lines().toList();
            assertThat(kept)
                    .containsExactlyElementsOf(IntStream.rangeClosed(5001 - kept.size(), 5000)
                            .mapToObj(i -> "line " + i)
                            .toList());
            assertThat(Files.size(log("web"))).isBetween(1L, 8192L);
            assertThat(contents("web").text().length()).isBetween(3 * 8100, 4 * 8192);
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(contents("web").old().getFirst())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void beginsAFreshFileWhenTheOldOneIsTooOld() throws Exception {
        try (Rig rig = new Rig("file-it", directory)) {
            // when
            var daily = new OutputPolicy(
                    Console.NONE,
                    Optional.of(new OutputPolicy.File(
                            Optional.empty(), LARGE, Optional.of(Duration.ofSeconds(1)), 5, false)));
            rig.start(Rig.with(shell("web", "echo first; echo second; sleep 1.2; echo third"), daily));
            rig.exited("web");

            // then
            await().until(() -> rig.texts("web").size() == 3);
            assertThat(Files.readString(contents("web").old().getFirst())).isEqualTo("first\nsecond\n");
            assertThat(Files.readString(log("web"))).isEqualTo("third\n");
        }
    }

    @Test
    void breaksALineThatDoesNotEndRatherThanLetTheFileGrowForEver() throws Exception {
        try (Rig rig = new Rig("file-it", directory)) {
            // when
            rig.start(Rig.with(shell("web", "head -c 5000000 /dev/zero"), file(8192, 100, false)));
            rig.exited("web");

            // then
            await().ignoreExceptions().until(() -> contents("web").text().length() == 5_000_000);
            assertThat(contents("web").old())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.size(file)).isLessThan(1_200_000));
        }
    }

    @Test
    void losesOnlyTheFileWhenItsPlaceIsTaken() throws Exception {
        // given
        Files.createDirectories(log("web"));
        try (Rig rig = new Rig("file-it", directory)) {
            // when
            rig.start(Rig.with(shell("web", "echo shown"), file(LARGE, 5, true)));
            rig.exited("web");

            // then
            await().until(() -> rig.texts("web").equals(List.of("shown")));
            assertThat(rig.faults(LogFile.FAILED)).isEqualTo(1);
        }
    }

    @Test
    void letsAChildThatWritesTooFastWaitAndNobodyElse() throws Exception {
        try (Rig rig = new Rig("file-it", directory)) {
            // given: two that write as fast as they are read
            for (String chatty : List.of("chatty-a", "chatty-b")) {
                rig.spawn(Rig.with(
                        shell(chatty, "exec yes 'a line that comes again and again'"), file(1 << 20, 2, false)));
                rig.await(ProcessSpawned.class, any -> true);
            }
            await().ignoreExceptions()
                    .until(() -> contents("chatty-a").text().length() > 100_000
                            && contents("chatty-b").text().length() > 100_000);

            // when
            String ticks = "i=0; while [ $i -lt 100 ]; do i=$((i+1)); date +%s%N; sleep 0.01; done; exec sleep 100";
            rig.start(Rig.with(shell("quiet", ticks), file(LARGE, 5, true)));
            Duration slowestTurn = Duration.ZERO;
            Instant deadline = Instant.now().plus(Rig.PATIENCE);
            while (rig.texts("quiet").size() < 100 && Instant.now().isBefore(deadline)) {
                long before = System.nanoTime();
                rig.onLoop(() -> {});
                Duration turn = Duration.ofNanos(System.nanoTime() - before);
                slowestTurn = turn.compareTo(slowestTurn) > 0 ? turn : slowestTurn;
            }

            // then
            OptionalLong slowestLine = rig.last("quiet", 100).stream()
                    .mapToLong(line -> line.at().toEpochMilli() - Long.parseLong(line.text()) / 1_000_000)
                    .max();
            assertThat(rig.texts("quiet")).hasSize(100);
            assertThat(slowestLine.orElseThrow())
                    .as("milliseconds from write to read")
                    .isLessThan(1000);
            assertThat(slowestTurn).isLessThan(Duration.ofSeconds(1));
            assertThat(rig.statistics.faults()).isEmpty();
        }
    }

    private static OutputPolicy file(long size, int files, boolean compress) {
        return new OutputPolicy(
                Console.NONE,
                Optional.of(new OutputPolicy.File(Optional.empty(), size, Optional.empty(), files, compress)));
    }

    private Path log(String service) {
        return directory.resolve("logs/" + service + "-0.log");
    }

    private LogContents contents(String service) {
        return new LogContents(log(service));
    }
}
