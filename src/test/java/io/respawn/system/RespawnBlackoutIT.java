package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.linux.Capabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A respawn that is disturbed at a certain moment: in its blackout, at {@code execve} itself, or by what goes before it. */
final class RespawnBlackoutIT {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void adoptedProcessThatEndsInTheBlackoutKeepsItsExitCode() throws IOException {
        Path end = folder.resolve("end");
        try (RunningSidecar sidecar = new RunningSidecar(folder, "adopting", """
                web:
                  command: [ /bin/sh, -c, "while ! [ -e %s ]; do sleep 0.02; done; rm %s; exit 7" ]
                calm: { command: [ sleep, '1000' ] }
                """.formatted(end, end))) {
            // given one that is not the child of the sidecar that watches it
            AtExecve atExecve = AtExecve.of(sidecar, folder);
            sidecar.start().awaitReady();
            int web = sidecar.pidOf("web");
            int calm = sidecar.pidOf("calm");
            sidecar.kill();
            sidecar.start().awaitReady();
            assertThat(sidecar.pidOf("web")).isEqualTo(web);

            // when
            atExecve.run("touch %s; while grep -q . /proc/%d/cmdline; do sleep 0.01; done 2>/dev/null\n"
                    .formatted(end, web));
            assertThat(respawn(sidecar, "respawn").path("outcome").asText()).isEqualTo("succeeded");
            sidecar.awaitStatus("the next of it", status -> sidecar.pidOf("web") != web && sidecar.isReady("web"));

            // then
            assertThat(sidecar.instance("web").at("/lastExit/incarnation").asInt())
                    .isEqualTo(1);
            assertThat(sidecar.instance("web").at("/lastExit/status").asText()).satisfies(words -> {
                if (Capabilities.probe().has(Capabilities.EXIT_INFO)) {
                    assertThat(words).isEqualTo("exit code 7");
                } else {
                    assertThat(words).startsWith("unknown exit (");
                }
            });
            assertThat(sidecar.pidOf("calm")).isEqualTo(calm);
            // That it is still held shows in its end.
            ProcessHandle.of(calm).orElseThrow().destroyForcibly();
            sidecar.awaitStatus(
                    "the end of calm",
                    status -> !sidecar.instance("calm").path("lastExit").isMissingNode());
            assertThat(sidecar.terminate().exitCode()).isZero();
            assertThat(Tagged.of(sidecar.id())).isEmpty();
        }
    }

    @Test
    void failingExecveLeavesEverythingAsIfNothingHadBeenAsked() throws IOException {
        Path java = ownJava();
        try (RunningSidecar sidecar = new RunningSidecar(folder, "failing", """
                web: { command: [ sleep, '1000' ] }
                chatty: { command: [ /bin/sh, -c, 'i=0; while :; do i=$((i+1)); echo line $i; sleep 0.01; done' ] }
                mortal:
                  command: [ /bin/sh, -c, 'sleep 0.2; exit 7' ]
                  restart: { backoff: { delay: 50ms, factor: 1.0 }, limit: { count: 1000, interval: 60s } }
                """)
                .with("JAVA_HOME", java.getParent().getParent().toString())) {
            // given
            AtExecve atExecve = AtExecve.of(sidecar, folder);
            sidecar.start().awaitStatus("readiness", status -> sidecar.isReady("web") && sidecar.isReady("chatty"));
            int web = sidecar.pidOf("web");
            int chatty = sidecar.pidOf("chatty");

            // when nobody may execute it any more, root neither
            atExecve.run("chmod 644 '" + java + "'\n");
            JsonNode outcome = respawn(sidecar, "refused");

            // then
            assertThat(outcome.path("outcome").asText()).isEqualTo("failed");
            assertThat(outcome.path("detail").asText())
                    .contains("Cannot respawn: the program cannot be executed", "EACCES");
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
            assertThat(sidecar.pidOf("chatty")).isEqualTo(chatty);
            assertThat(sidecar.stateDirectory().resolve("capsule")).doesNotExist();
            long restarts = sidecar.instance("mortal").path("restarts").asLong();
            sidecar.awaitStatus(
                    "that supervision goes on",
                    status -> sidecar.instance("mortal").path("restarts").asLong() > restarts + 2);

            // when
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
            atExecve.runNothing();
            JsonNode next = respawn(sidecar, "next");

            // then
            assertThat(next.path("outcome").asText()).as(next.toString()).isEqualTo("succeeded");
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
            assertThat(sidecar.terminate().exitCode()).isZero();
            WrittenLines.assertEachOnce(sidecar.log(), "chatty | line ");
        }
    }

    /** The executable of a Java like this one, which may be taken away. */
    private Path ownJava() throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        Path copy = Files.createDirectories(folder.resolve("java"));
        for (String part : List.of("lib", "conf")) {
            Files.createSymbolicLink(copy.resolve(part), home.resolve(part));
        }
        Files.copy(home.resolve("release"), copy.resolve("release"));
        return Files.copy(
                home.resolve("bin/java"),
                Files.createDirectories(copy.resolve("bin")).resolve("java"),
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void startThatHangsRefusesTheRespawn() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root may hold the start of a program");
        try (HeldExec held = new HeldExec(folder);
                RunningSidecar sidecar = new RunningSidecar(folder, "hanging", """
                        web: { command: [ sleep, '1000' ] }
                        stuck: { command: [ '%s', '1000' ], start-timeout: 100s }
                        """.formatted(held.program()))) {
            // given
            sidecar.start().awaitStatus("the other one", status -> sidecar.isReady("web"));
            held.awaitCaught();
            int web = sidecar.pidOf("web");

            // when
            JsonNode outcome = respawn(sidecar, "refused");

            // then
            assertThat(outcome.path("outcome").asText()).isEqualTo("failed");
            assertThat(outcome.path("detail").asText())
                    .contains("the start of a process has not come to an end within 5 s");
            held.letGo();
            sidecar.awaitReady();
            assertThat(respawn(sidecar, "next").path("outcome").asText()).isEqualTo("succeeded");
            sidecar.awaitReady();
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
            assertThat(sidecar.instance("stuck").path("incarnation").asInt()).isEqualTo(1);
        }
    }

    @Test
    void shutdownThatHasBegunLocksItOut() throws IOException {
        try (RunningSidecar sidecar =
                new RunningSidecar(folder, "locked-out", """
                slow: { command: %s, stop: { grace-period: 5s } }
                """.formatted(new Scripts(folder, "locked-out").stubborn()))) {
            // given: one that was ordered before, and is being prepared
            sidecar.start().awaitReady();
            sidecar.post("/api/v1/respawn", "{\"id\":\"before\"}");
            sidecar.signal("TERM");
            sidecar.awaitStatus(
                    "the shutdown",
                    status -> status.at("/sidecar/phase").asText().equals("stopping"));

            // when
            JsonNode late = sidecar.post("/api/v1/respawn", "{\"id\":\"late\"}");
            Programs.Ended ended = sidecar.awaitEnd();

            // then
            assertThat(late.toString()).contains("the sidecar is stopping");
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.output())
                    .contains("Cannot respawn: the sidecar is stopping; the sidecar goes on as it is")
                    .doesNotContain("Becoming a new image");
            assertThat(Tagged.of(sidecar.id())).isEmpty();
        }
    }

    /** Orders it and waits for the outcome, whoever gives it. */
    private static JsonNode respawn(RunningSidecar sidecar, String id) {
        sidecar.post("/api/v1/respawn", "{\"id\":\"" + id + "\"}");
        return await("the outcome of " + id)
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> sidecar.json("/api/v1/intents/" + id), intent -> intent.hasNonNull("endedAt"));
    }
}
