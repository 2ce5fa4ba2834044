package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static io.respawn.process.Rig.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event.ProcessSpawned;
import io.respawn.model.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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
            await().until(() -> texts(rig).equals(List.of("out", "err", "half")));
            await().until(() -> console.toString(StandardCharsets.UTF_8).endsWith("web/0 | half\n"));
            assertThat(console.toString(StandardCharsets.UTF_8)).isEqualTo("web/0 | out\nweb/0 | err\nweb/0 | half\n");
            assertThat(rig.output.last(instance("web"), 2))
                    .extracting(OutputLine::number)
                    .containsExactly(2L, 3L);
            assertThat(rig.output.last(instance("unknown"), 5)).isEmpty();
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
            await().until(() -> texts(rig).size() == 20);
            assertThat(texts(rig).getFirst()).isEqualTo("1");
            assertThat(texts(rig).getLast()).isEqualTo("20");
        }
    }

    @Test
    void keepsThePipeToItsOwner() throws Exception {
        try (Rig rig = new Rig("output-it", directory)) {
            rig.start(shell("web", "exec sleep 100"));

            // then
            Path pipe = directory.resolve("output/web-0");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pipe)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void worksWithoutAStateDirectoryAndLeavesNothingBehind() {
        // given
        var clock = new SteadyClock();
        var statistics = new io.respawn.supervise.Statistics();
        var output =
                new ChildOutput(Optional.empty(), OutputStream.nullOutputStream(), Object::toString, clock, statistics);

        // when
        Path pipe;
        try (var end = output.open(instance("web")).orElseThrow()) {
            pipe = Path.of("/proc/self/fd/" + end.fd());
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
            assertThat(rig.faults(Console.DROPPED)).isPositive();
            await().until(() -> !rig.output.last(instance("quiet"), 1).isEmpty());
            await().until(() ->
                    rig.output.last(instance("chatty"), 1).getFirst().number() == 25_000_000);
            assertThat(rig.output.last(instance("chatty"), 5000)).hasSize(1000);
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

    private static List<String> texts(Rig rig) {
        return rig.output.last(instance("web"), 1000).stream()
                .map(OutputLine::text)
                .toList();
    }
}
