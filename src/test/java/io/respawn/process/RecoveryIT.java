package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event.Found;
import io.respawn.linux.ProcFs;
import io.respawn.linux.Subreaper;
import io.respawn.model.ExitStatus;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.Signal;
import io.respawn.supervise.ProcessRunner.Known;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryIT {

    private static final String WAITS = "while ! [ -e end ]; do sleep 0.01; done; exit 42";

    @TempDir
    Path directory;

    private Process predecessor;

    @AfterEach
    void endThePredecessor() throws InterruptedException {
        if (predecessor != null) {
            predecessor.destroyForcibly().waitFor();
        }
        Subreaper.disable();
    }

    @Test
    void takesOverByTheRecordedIdentityAndSeesTheExitCodeOfAProcessThatIsNotItsChild() throws Exception {
        // given: nobody here is the subreaper, so the orphan becomes a stranger's child
        ProcessIdentity process = startAndKillThePredecessor("takeover-a", WAITS);
        try (Rig rig = new Rig("takeover-a", directory)) {
            var known = new Known(instance("web"), 3, Optional.of(process));

            // when
            List<Found> found = rig.ask(() -> rig.children.recover(List.of(known)));
            rig.onLoop(() -> rig.children.adopt(instance("web"), 3, process));

            // then
            assertThat(found).containsExactly(new Found(instance("web"), 3, process, Optional.empty()));
            assertThat(ProcFs.stat(process.pid()).orElseThrow().parent()).isNotEqualTo(ProcFs.ownPid());
            Files.createFile(directory.resolve("end"));
            assertThat(rig.exited("web").status()).isEqualTo(new ExitStatus.Exited(42));
        }
    }

    @Test
    void takesOverByTheTagsWhenNothingIsRecorded() throws Exception {
        // given
        ProcessIdentity process = startAndKillThePredecessor("takeover-b", WAITS);
        try (Rig rig = new Rig("takeover-b", directory)) {
            // when: one that nobody knows is found as well
            List<Found> found = rig.ask(() -> rig.children.recover(List.of()));

            // then
            assertThat(found).containsExactly(new Found(instance("web"), 3, process, Optional.empty()));
            rig.onLoop(() -> {
                rig.children.adopt(instance("web"), 3, process);
                rig.children.signal(instance("web"), 3, Signal.KILL);
            });
            assertThat(rig.exited("web").status()).isEqualTo(new ExitStatus.Signalled(9, false));
            await().until(() -> ProcFs.stat(process.pid()).isEmpty());
        }
    }

    @Test
    void killsWhatBelongsToAnOlderIncarnation() throws Exception {
        // given
        ProcessIdentity old = startAndKillThePredecessor("takeover-c", WAITS);
        try (Rig rig = new Rig("takeover-c", directory)) {
            rig.spawn(Rig.spec("web", "sleep", "100"), instance("web"), 4, Optional.empty());
            ProcessIdentity current = rig.await(io.respawn.core.Event.ProcessSpawned.class, any -> true)
                    .process();
            var known = new Known(instance("web"), 4, Optional.of(current));

            // when
            List<Found> found = rig.ask(() -> rig.children.recover(List.of(known)));

            // then
            assertThat(found).extracting(Found::process).containsExactly(current);
            assertThat(ProcFs.stat(old.pid()).filter(stat -> !stat.zombie())).isEmpty();
            assertThat(rig.faults(Recovery.KILLED)).isPositive();
        }
    }

    @Test
    void leavesTheChildrenOfALivingSidecarAlone() throws Exception {
        // given
        ProcessIdentity process = startThePredecessor("takeover-d", WAITS);
        try (Rig rig = new Rig("takeover-d", directory)) {
            // when
            List<Found> found = rig.ask(() -> rig.children.recover(List.of()));

            // then
            assertThat(found).isEmpty();
            assertThat(ProcFs.stat(process.pid()).orElseThrow().zombie()).isFalse();
        }
        letItEnd(process);
    }

    @Test
    void leavesARecordedProcessWithoutAStartTimeAlone() throws Exception {
        // given
        ProcessIdentity process = startAndKillThePredecessor("takeover-e", WAITS);
        try (Rig rig = new Rig("takeover-e", directory)) {
            var known = new Known(instance("web"), 3, Optional.of(new ProcessIdentity(process.pid(), 0)));

            // when
            List<Found> found = rig.ask(() -> rig.children.recover(List.of(known)));

            // then
            assertThat(found).isEmpty();
            assertThat(ProcFs.stat(process.pid()).orElseThrow().zombie()).isFalse();
        }
        letItEnd(process);
    }

    @Test
    void losesNoLineThatAChildWritesBeforeDuringAndAfterTheDeathOfItsSidecar() throws Exception {
        // given: what the first sidecar read is lost with it, so it gets nothing to read before it is stopped
        int lines = 20_000;
        String script = "while ! [ -e go ]; do sleep 0.01; done; i=0;" + " while [ $i -lt " + lines
                + " ]; do i=$((i+1)); echo line-$i; done; echo done > written; exec sleep 100";
        ProcessIdentity process = startThePredecessor("takeover-f", script);
        signal("STOP", predecessor.pid());
        Files.createFile(directory.resolve("go"));
        await().until(() -> Files.exists(directory.resolve("written")));

        // when
        predecessor.destroyForcibly().waitFor();
        var shown = new java.io.ByteArrayOutputStream();
        try (Rig rig = new Rig("takeover-f", directory, shown)) {
            rig.onLoop(() -> rig.children.adopt(instance("web"), 3, process));

            // then
            List<String> expected = IntStream.rangeClosed(1, lines)
                    .mapToObj(i -> "web/0 | line-" + i)
                    .toList();
            await().atMost(Rig.PATIENCE)
                    .until(() -> shown.toString(java.nio.charset.StandardCharsets.UTF_8)
                                    .lines()
                                    .count()
                            >= lines);
            assertThat(shown.toString(java.nio.charset.StandardCharsets.UTF_8)
                            .lines()
                            .toList())
                    .isEqualTo(expected);
            rig.onLoop(() -> rig.children.signal(instance("web"), 3, Signal.KILL));
            rig.exited("web");
        }
    }

    private void letItEnd(ProcessIdentity process) throws IOException {
        Files.createFile(directory.resolve("end"));
        await().until(() ->
                ProcFs.stat(process.pid()).filter(stat -> !stat.zombie()).isEmpty());
    }

    private ProcessIdentity startAndKillThePredecessor(String id, String script) throws Exception {
        ProcessIdentity process = startThePredecessor(id, script);
        predecessor.destroyForcibly().waitFor();
        await().until(() -> ProcFs.stat(process.pid()).orElseThrow().parent() != predecessor.pid());
        return process;
    }

    private ProcessIdentity startThePredecessor(String id, String script) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Predecessor.class.getName(),
                id,
                directory.toString(),
                script));
        predecessor = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader = predecessor.inputReader();
        String line = reader.readLine();
        while (line != null && !line.startsWith("started ")) {
            line = reader.readLine();
        }
        assertThat(line).as("the predecessor has started its service").isNotNull();
        String[] words = line.split(" ", -1);
        return new ProcessIdentity(Integer.parseInt(words[1]), Long.parseLong(words[2]));
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
