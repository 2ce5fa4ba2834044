package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged sidecar while the machine refuses it something: it says so, goes on, and is well again by itself. */
@Timeout(180)
final class StarvationIT {

    /** Root has no limit of processes, so another user without any process takes its place; who is not root stays. */
    private static final String USER = "61234";

    private static final String SERVICES = """
            web: { command: %1$s, restart: { backoff: { delay: 300ms, limit: 1s } } }
            probed:
              command: %1$s
              liveness-probe: { exec: { command: [ /bin/true ] }, period: 200ms, failure-threshold: 2 }
            """;

    @TempDir
    Path folder;

    @Test
    void withoutADescriptorAServiceThatEndedWaitsAndComesBackAndNoHealthyOneIsTouched() throws Exception {
        try (var sidecar = sidecar("fds").start()) {
            // given
            sidecar.awaitStatus("readiness", status -> sidecar.isReady("web") && sidecar.isReady("probed"));
            Limits limits = new Limits(sidecar.pid());
            int web = sidecar.pidOf("web");
            int probed = sidecar.pidOf("probed");

            // when
            limits.noDescriptorLeft();
            ProcessHandle.of(web).orElseThrow().destroyForcibly();
            awaitSaid(
                    sidecar,
                    "service=web",
                    "too many open files in this process (EMFILE)",
                    "raise the limit of open files");
            Duration used = usedWhileCallersWait(sidecar, limits);
            limits.manyDescriptors();

            // then
            assertThat(used).isLessThan(Duration.ofMillis(1_500));
            sidecar.awaitStatus("its return", status -> sidecar.isReady("web") && sidecar.pidOf("web") != web);
            assertThat(sidecar.pidOf("probed")).isEqualTo(probed);
            assertThat(sidecar.fault("spawn-starved")).isPositive();
            assertThat(sidecar.fault("probe-unanswered")).isPositive();
            isWell(sidecar);
        }
    }

    @Test
    void withoutAProcessAServiceThatEndedWaitsAndComesBackAndNoHealthyOneIsTouched() throws Exception {
        // given
        List<String> asUser = System.getProperty("user.name").equals("root")
                ? List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups")
                : List.of();
        try (var sidecar = sidecar("procs").through(asUser)) {
            open(folder);
            open(folder.resolve("procs"));
            sidecar.start();
            sidecar.awaitStatus("readiness", status -> sidecar.isReady("web") && sidecar.isReady("probed"));
            Limits limits = new Limits(sidecar.pid(), asUser);
            int web = sidecar.pidOf("web");
            int probed = sidecar.pidOf("probed");

            // when
            limits.noProcessLeft();
            ProcessHandle.of(web).orElseThrow().destroyForcibly();
            awaitSaid(sidecar, "service=web", "try again later (EAGAIN); raise the limit of processes");
            awaitSaid(sidecar, "Cannot probe at the moment, which counts for no service");
            limits.manyProcesses();

            // then
            sidecar.awaitStatus("its return", status -> sidecar.isReady("web") && sidecar.pidOf("web") != web);
            assertThat(sidecar.pidOf("probed")).isEqualTo(probed);
            assertThat(sidecar.fault("spawn-starved")).isPositive();
            isWell(sidecar);
        }
    }

    private RunningSidecar sidecar(String id) {
        return new RunningSidecar(folder, id, SERVICES.formatted(new Scripts(folder, id).willing()));
    }

    /** A user without rights works here too. */
    private static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** Waits for a line with all these words. */
    private static void awaitSaid(RunningSidecar sidecar, String... words) {
        await(String.join(" ", words) + " in " + sidecar.log())
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.readAllLines(sidecar.log()).stream()
                        .anyMatch(line -> List.of(words).stream().allMatch(line::contains)));
    }

    /** Callers that cannot be accepted must not keep the processor busy. */
    private static Duration usedWhileCallersWait(RunningSidecar sidecar, Limits limits) throws IOException {
        List<Socket> callers = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                callers.add(new Socket(InetAddress.getLoopbackAddress(), sidecar.httpPort()));
            }
            Instant begun = Instant.now();
            Duration before = limits.cpu();
            await("three seconds")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Duration.between(begun, Instant.now()).compareTo(Duration.ofSeconds(3)) > 0);
            return limits.cpu().minus(before);
        } finally {
            for (Socket caller : callers) {
                caller.close();
            }
        }
    }

    private static void isWell(RunningSidecar sidecar) throws IOException {
        Programs.Ended restarted = sidecar.cli("restart", "web", "--wait");
        assertThat(restarted.exitCode()).as(restarted.output()).isZero();
        assertThat(sidecar.management("/q/health/ready").statusCode()).isEqualTo(200);
        assertThat(sidecar.terminate().exitCode()).isZero();
        assertThat(Tagged.of(sidecar.id())).isEmpty();
    }
}
