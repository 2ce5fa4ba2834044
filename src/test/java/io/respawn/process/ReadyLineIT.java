package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event.CameUp;
import io.respawn.core.Event.ProcessSpawned;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ReadyLine;
import io.respawn.model.ServiceSpec;
import io.respawn.model.StartPolicy;
import io.respawn.supervise.Members.Member;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that print that they are up, and the question whose a process is. */
class ReadyLineIT {

    private static final InstanceId WEB = Rig.instance("web");

    @TempDir
    private Path directory;

    private static ServiceSpec printing(String script) {
        return Rig.shell("web", script)
                .with(new StartPolicy(
                        Duration.ofSeconds(30), false, Optional.empty(), Optional.of(new ReadyLine("^up \\d+$"))));
    }

    @Test
    void tellsOfTheFirstSuchLineOfEitherStreamOnce() {
        try (var rig = new Rig("ready-line", directory)) {
            // when: its word may overtake the news of its start
            rig.spawn(printing("echo going up; echo up 1 >&2; echo up 2; echo up 3; echo end; exec sleep 1000"));
            // then
            CameUp up = rig.await(CameUp.class, event -> true);
            assertThat(up.instance()).isEqualTo(WEB);
            assertThat(up.incarnation()).isEqualTo(1);
            assertThat(up.detail()).matches("its output says so: up [12]");
            Awaitility.await().until(() -> rig.texts("web").contains("end"));
            assertThat(rig.events).noneMatch(CameUp.class::isInstance);
        }
    }

    @Test
    void takesNoLineOfItsPredecessorForItsOwn() throws Exception {
        // given: a line without an end, as its last word
        ServiceSpec first = printing("printf 'up 1'; exit 3");
        try (var rig = new Rig("ready-line-2", directory)) {
            rig.spawn(first);
            rig.exited("web");
            // when
            rig.spawn(printing("echo here; read -r _; exec sleep 1000"), WEB, 2, Optional.empty());
            rig.await(ProcessSpawned.class, spawned -> spawned.incarnation() == 2);
            Awaitility.await().until(() -> rig.texts("web").contains("here"));
            // then
            while (!rig.events.isEmpty()) {
                assertThat(rig.events.poll(1, TimeUnit.SECONDS)).isNotEqualTo(up(2, "up 1"));
            }
        }
    }

    private static CameUp up(long incarnation, String line) {
        return new CameUp(WEB, incarnation, "its output says so: " + line);
    }

    @Test
    void readsTheLineThatWaitedWhileNoSidecarLived() throws IOException {
        // given: it prints after the end of the first sidecar
        Path go = directory.resolve("go");
        ServiceSpec spec = printing("until [ -e " + go + " ]; do sleep 0.02; done; echo up 7; exec sleep 1000");
        ProcessIdentity process;
        try (var rig = new Rig("ready-line-3", directory)) {
            process = rig.start(spec);
            rig.onLoop(() -> rig.children.close(true));
        }
        Files.createFile(go);
        // when
        try (var rig = new Rig("ready-line-3", directory, OutputStream.nullOutputStream(), spec)) {
            rig.onLoop(() -> rig.children.adopt(WEB, 1, process));
            // then
            assertThat(rig.await(CameUp.class, event -> true)).isEqualTo(up(1, "up 7"));
        }
    }

    @Test
    void knowsWhoseAProcessIs() throws Exception {
        // given: the main, a child in its session, and one that left it
        try (var rig = new Rig("membership", directory)) {
            ProcessIdentity main =
                    rig.start(Rig.shell("web", "sleep 1000 & echo $!; setsid sleep 1000 & echo $!; exec sleep 1000"));
            Awaitility.await().until(() -> rig.texts("web").size() == 2);
            List<Integer> others =
                    rig.texts("web").stream().map(Integer::valueOf).toList();
            int us = io.respawn.linux.ProcFs.ownUser();
            int stranger = Math.toIntExact(ProcessHandle.current().pid());
            // then: a tag counts for our own user and for root only, a session for all
            Optional<Member> web = Optional.of(new Member(WEB, 1));
            assertThat(rig.children.members().find(main.pid(), 12345)).isEqualTo(web);
            assertThat(rig.children.members().find(others.getFirst(), 12345)).isEqualTo(web);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(rig.children.members().find(others.getLast(), us))
                            .isEqualTo(web));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(rig.children.members().find(others.getLast(), 12345))
                            .isEmpty());
            assertThat(rig.children.members().find(stranger, us)).isEmpty();
            assertThat(rig.children.members().find(4_000_000, us)).isEmpty();
        }
    }
}
