package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.linux.Waiter.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaiterIT {

    @TempDir
    Path directory;

    @Test
    void killsTheGroupWhileTheZombieStillPinsItsNumber() throws Exception {
        Subreaper.enable();
        try (var loop = new LoopThread()) {
            // given: a main that has ended and left two of its group behind
            Spawned main = Programs.shell("sleep 60 & sleep 60 & exit 3");
            Answer peeked = loop.ended(main.pidfd()).get();
            assertThat(peeked.ended().map(ExitStatus::shellCode)).contains(3);

            // when
            SignalResult killed = Kill.group(main.pid(), Signals.SIGKILL);
            Answer reaped = Waiter.reap(main.pidfd());

            // then
            assertThat(killed).isEqualTo(SignalResult.SENT);
            assertThat(reaped.ended().map(ExitStatus::shellCode)).contains(3);
            List<Orphans.Orphan> orphans = sweepUntil(main.pid(), 2);
            assertThat(orphans).allSatisfy(orphan -> assertThat(orphan.status()).hasToString("SIGKILL"));
            assertThat(Kill.group(main.pid(), 0)).isEqualTo(SignalResult.GONE);
            main.pidfd().close();
        } finally {
            Subreaper.disable();
        }
    }

    /** Others' orphans are reaped too: an earlier test of this JVM may have left some. */
    private static List<Orphans.Orphan> sweepUntil(int session, int count) {
        var orphans = new Orphans();
        List<Orphans.Orphan> reaped = new ArrayList<>();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            orphans.sweep(pid -> false).reaped().stream()
                    .filter(orphan -> orphan.session() == session)
                    .forEach(reaped::add);
            return reaped.size() >= count;
        });
        return reaped;
    }

    @Test
    void learnsTheExitCodeOfAProcessThatAnotherOneReaped() throws Exception {
        assumeTrue(Capabilities.probe().has(Capabilities.EXIT_INFO), "needs Linux 6.15");
        try (var loop = new LoopThread()) {
            // given: a grandchild that waits for our word, below a parent that will reap it
            Path word = directory.resolve("word");
            Path number = directory.resolve("number");
            Fifo.create(word);
            String script =
                    "sh -c 'read -r _ < word; exit 7' & echo $! > number.new; mv number.new number; wait; exec sleep 60";
            Spawned parent = Programs.spawn(Programs.shell(script, directory, Programs.NOWHERE));
            await().until(() -> Files.exists(number));
            int grandchild = Integer.parseInt(Files.readString(number).strip());
            Pidfd foreign = Pidfd.open(grandchild).orElseThrow();
            var hungUp = new CompletableFuture<Optional<ExitStatus>>();
            loop.run(() -> loop.reactor.watch(foreign.fd(), 0, events -> {
                loop.reactor.unwatch(foreign.fd());
                hungUp.complete(Waiter.exitInfo(foreign));
            }));
            assertThat(Waiter.peek(foreign)).isEqualTo(new Answer.NotOurChild());
            assertThat(Waiter.exitInfo(foreign)).isEmpty();

            // when
            Files.writeString(word, "go\n");

            // then
            assertThat(hungUp.get(10, TimeUnit.SECONDS).map(ExitStatus::shellCode))
                    .contains(7);
            foreign.close();
            Programs.end(parent);
        }
    }

    @Test
    void readsTheEndOfAZombieFromItsState() throws Exception {
        try (var loop = new LoopThread()) {
            // given
            Spawned spawned = Programs.shell("kill -USR1 $$");

            // when
            loop.ended(spawned.pidfd()).get();
            ProcessStat stat = ProcFs.stat(spawned.pid()).orElseThrow();

            // then
            assertThat(stat.zombie()).isTrue();
            assertThat(stat.exitStatus())
                    .hasValueSatisfying(status -> assertThat(status).hasToString("SIGUSR1"));
            assertThat(ProcFs.commandLine(spawned.pid())).contains(List.of());
            Waiter.reap(spawned.pidfd());
            assertThat(ProcFs.stat(spawned.pid())).isEmpty();
            assertThat(ProcFs.environment(spawned.pid())).isEmpty();
            spawned.pidfd().close();
        }
    }

    @Test
    void reportsGroupsThatAreGoneAndRefusesThoseNobodyMeant() {
        // given
        Spawned spawned = Programs.shell("exit 0");
        Programs.end(spawned);

        // when
        SignalResult result = Kill.group(spawned.pid(), Signals.SIGTERM);

        // then
        assertThat(result).isEqualTo(SignalResult.GONE);
        for (int meant :
                new int[] {-1, 0, 1, ProcFs.stat(ProcFs.ownPid()).orElseThrow().processGroup()}) {
            assertThatThrownBy(() -> Kill.group(meant, Signals.SIGKILL))
                    .hasMessageStartingWith("Cannot signal the process group " + meant);
        }
    }

    @Test
    void keepsBytesThroughAMemoryFileAndAPipe() throws Exception {
        Path pipe = directory.resolve("pipe");
        byte[] content = "x".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
        Fifo.create(pipe);
        try (var memory = Memfd.create("test", content);
                var write = Fifo.writeEnd(pipe);
                var read = Fifo.readEnd(pipe);
                var log = AppendFile.open(directory.resolve("log"))) {
            // given
            assertThat(Fifo.create(pipe)).isFalse();
            Spawned spawned = Programs.spawn(
                    Programs.shell("echo hello", directory, new SpawnRequest.Stream.ToDescriptor(write.fd())));

            // when
            byte[] line = new byte[64];
            await().until(() -> read.read(line) == 6);

            // then
            assertThat(new String(line, 0, 6, StandardCharsets.US_ASCII)).isEqualTo("hello\n");
            assertThat(read.read(line)).isEqualTo(-1);
            assertThat(memory.content()).isEqualTo(content);
            log.append("record".getBytes(StandardCharsets.US_ASCII));
            log.force();
            assertThat(log.size()).isEqualTo(6);
            Programs.end(spawned);
        }
    }
}
