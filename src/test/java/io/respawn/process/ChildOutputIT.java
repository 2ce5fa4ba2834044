package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static io.respawn.process.Rig.shell;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event.ProcessSpawned;
import io.respawn.model.ExitStatus;
import io.respawn.model.OutputPolicy;
import io.respawn.model.OutputPolicy.Console;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildOutputIT {

    @TempDir
    Path directory;

    @Test
    void showsTheLinesOfBothStreamsWithTheNameOfTheInstance() {
        // given
        var console = new ByteArrayOutputStream();
        try (Rig rig = new Rig("output-it", directory, console)) {
            // when
            rig.start(shell("web", "echo out; echo err >&2; printf half"));
            rig.exited("web");

            // then: the unfinished line became one at the exit
            await().until(() -> rig.texts("web").size() == 3);
            assertThat(rig.last("web", 10))
                    .filteredOn(line -> line.stream() == Stream.STDOUT)
                    .extracting(Line::text)
                    .containsExactly("out", "half");
            assertThat(rig.last("web", 10)).extracting(Line::number).containsExactly(1L, 2L, 3L);
            assertThat(rig.last("unknown", 5)).isEmpty();
            await().until(() -> console.toString(UTF_8).lines().count() == 3);
            assertThat(console.toString(UTF_8).lines())
                    .containsExactlyInAnyOrder("web/0 | out", "web/0 ! err", "web/0 | half");
        }
    }

    @Test
    void showsNothingToATerminalThatItWouldObey() {
        // given
        var console = new ByteArrayOutputStream();
        try (Rig rig = new Rig("output-it", directory, console)) {
            // when
            rig.start(shell("web", "printf '\\033[2Jred\\tand\\000nul \\377\\n'"));
            rig.exited("web");

            // then
            await().until(() -> console.toString(UTF_8).endsWith("\n"));
            assertThat(console.toString(UTF_8)).isEqualTo("web/0 | \\x1b[2Jred\tand\\x00nul \ufffd\n");
            assertThat(rig.texts("web")).containsExactly("\u001b[2Jred\tand\0nul \ufffd");
        }
    }

    @Test
    void showsLinesAsJsonOrNotAtAll() {
        // given
        var console = new ByteArrayOutputStream();
        try (Rig rig = new Rig("output-it", directory, console)) {
            // when
            rig.start(Rig.with(shell("none", "echo hidden"), new OutputPolicy(Console.NONE, Optional.empty())));
            rig.exited("none");
            rig.start(Rig.with(shell("web", "echo '\"x\"' >&2"), new OutputPolicy(Console.JSON, Optional.empty())));
            rig.exited("web");

            // then
            await().until(() -> console.toString(UTF_8).endsWith("\n"));
            assertThat(console.toString(UTF_8))
                    .startsWith("{\"time\":\"20")
                    .endsWith("\",\"service\":\"web\",\"instance\":0,\"stream\":\"stderr\",\"text\":\"\\\"x\\\"\"}\n");
            assertThat(rig.texts("none")).containsExactly("hidden");
        }
    }

    @Test
    void doesNotGlueTheRestOfOneProcessToTheFirstLineOfTheNext() {
        try (Rig rig = new Rig("output-it", directory)) {
            // when
            for (int incarnation = 1; incarnation <= 20; incarnation++) {
                rig.spawn(shell("web", "printf " + incarnation), instance("web"), incarnation, Optional.empty());
                rig.exited("web");
            }

            // then
            await().untilAsserted(() -> assertThat(rig.texts("web")).hasSize(20));
            assertThat(rig.texts("web").getFirst()).isEqualTo("1");
            assertThat(rig.texts("web").getLast()).isEqualTo("20");
        }
    }

    @Test
    void keepsThePipeToItsOwner() throws Exception {
        try (Rig rig = new Rig("output-it", directory)) {
            rig.start(shell("web", "exec sleep 100"));

            // then
            Path pipe = directory.resolve("output/web-0.stdout");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pipe)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void worksWithoutAStateDirectoryAndLeavesNothingBehind() {
        // given
        var clock = new SteadyClock();
        var statistics = new io.respawn.supervise.Statistics();
        var output = new ChildOutput(
                Optional.empty(),
                OutputStream.nullOutputStream(),
                Rig.policies(OutputPolicy.DEFAULT),
                clock,
                statistics,
                event -> {});

        // when
        Path pipe;
        try (var end = output.open(instance("web"), OutputPolicy.DEFAULT, Author.NOBODY)
                .orElseThrow()) {
            pipe = Path.of("/proc/self/fd/" + end.errors().fd());
            pipe = Files.readSymbolicLink(pipe);
            assertThat(pipe).exists();
        } catch (java.io.IOException failed) {
            throw new AssertionError(failed);
        }
        output.close();

        // then
        assertThat(pipe).doesNotExist();
        assertThat(pipe.getParent()).doesNotExist();
        assertThat(statistics.faults()).isEmpty();
    }

    @Test
    void dropsAndCountsLinesRatherThanLetAChattyChildOrABlockedOutputSlowTheLoop() throws Exception {
        // given: an output that nobody reads
        var unblocked = new CountDownLatch(1);
        OutputStream blocked = new OutputStream() {
            @Override
            public void write(int oneByte) {
                waitFor(unblocked);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                waitFor(unblocked);
            }
        };
        try (Rig rig = new Rig("output-it", directory, blocked)) {
            // when
            rig.spawn(shell("chatty", "yes | head -c 50000000"));
            rig.await(ProcessSpawned.class, any -> true);
            rig.spawn(shell("quiet", "echo here; exec sleep 100"));
            List<Long> lags = new ArrayList<>();
            while (rig.events.stream().noneMatch(event -> event.toString().contains("ProcessExited"))) {
                long before = System.nanoTime();
                rig.onLoop(() -> {});
                lags.add(System.nanoTime() - before);
            }

            // then
            assertThat(rig.exited("chatty").status()).isEqualTo(new ExitStatus.Exited(0));
            assertThat(lags).allMatch(nanos -> nanos < Duration.ofSeconds(1).toNanos());
            assertThat(rig.faults(io.respawn.process.Console.DROPPED)).isPositive();
            await().until(() -> !rig.last("quiet", 1).isEmpty());
            await().until(() -> rig.last("chatty", 1).getFirst().number() == 25_000_000);
            assertThat(rig.last("chatty", 5000)).hasSize(1000);
            unblocked.countDown();
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
