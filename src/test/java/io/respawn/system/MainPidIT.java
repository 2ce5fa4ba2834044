package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.linux.ProcFs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that go on in a new process, as servers do that upgrade themselves, and say so by MAINPID. */
final class MainPidIT {

    /** With each SIGHUP a child takes over; {@code %s} is what the old one does then. */
    private static final String UPGRADING = """
            use IO::Socket::UNIX;
            use POSIX;
            sub notify { IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ENV{NOTIFY_SOCKET})->send($_[0]) }
            $SIG{HUP} = sub { $upgrade = 1 };
            notify("READY=1");
            while (1) {
                select(undef, undef, undef, 0.01);
                if ($upgrade) {
                    $upgrade = 0;
                    my $heir = fork();
                    if ($heir) {
                        %s
                    }
                }
            }
            """;

    @TempDir
    static Path folder;

    private static String perl(String name, String script) throws IOException {
        Path file = folder.resolve(name + ".pl");
        Files.writeString(file, script);
        return "[ perl, '" + file + "' ]";
    }

    private static void awaitGone(int pid) {
        await("the end of " + pid)
                .atMost(Duration.ofSeconds(20))
                .until(() -> ProcFs.stat(pid).isEmpty());
    }

    /** Has the service upgrade itself; its new main. */
    private static int upgrade(RunningSidecar sidecar, String service) {
        int old = sidecar.pidOf(service);
        Programs.signal(old, "HUP");
        sidecar.awaitStatus("the upgrade", status -> sidecar.pidOf(service) != old);
        return sidecar.pidOf(service);
    }

    private static void assertRunsOn(RunningSidecar sidecar, int incarnation) {
        assertThat(sidecar.instance("web").path("state").asText()).isEqualTo("ready");
        assertThat(sidecar.instance("web").path("incarnation").asInt()).isEqualTo(incarnation);
        assertThat(sidecar.instance("web").path("restarts").asInt()).isEqualTo(incarnation - 1);
    }

    @Test
    void serviceThatHandsOverIsTheSameAndTheEndOfItsNewMainIsItsExit() throws IOException {
        // given: the old main ends in the moment in which it has said so
        String web = perl("web", UPGRADING.formatted("notify(\"MAINPID=$heir\"); exit 9;"));
        try (RunningSidecar sidecar = new RunningSidecar(
                folder,
                "mainpid",
                "web: { command: %s, notify: true, restart: { backoff: { delay: 0s } } }\n".formatted(web))) {
            sidecar.start().awaitReady();

            // when
            int main = sidecar.pidOf("web");
            for (int i = 0; i < 20; i++) {
                int old = main;
                main = upgrade(sidecar, "web");
                awaitGone(old);
            }

            // then
            assertRunsOn(sidecar, 1);
            assertThat(Tagged.of("mainpid"))
                    .singleElement()
                    .extracting(Tagged::pid)
                    .isEqualTo(main);

            // when
            Programs.signal(main, "KILL");

            // then
            sidecar.awaitStatus(
                    "the restart",
                    status -> sidecar.instance("web").path("incarnation").asInt() == 2 && sidecar.isReady("web"));
            assertRunsOn(sidecar, 2);

            // when: the new main is on record when the sidecar dies
            main = upgrade(sidecar, "web");
            sidecar.kill();
            sidecar.start().awaitReady();

            // then
            assertThat(sidecar.pidOf("web")).isEqualTo(main);
            int adopted = main;
            main = upgrade(sidecar, "web");
            awaitGone(adopted);
            assertRunsOn(sidecar, 2);

            // when
            assertThat(sidecar.cli("stop", "web", "--wait").exitCode()).isZero();

            // then
            awaitGone(main);
            assertThat(Tagged.of("mainpid")).isEmpty();
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    @Test
    void stopEndsANewMainAndTheOldOneThatHasNotEndedYet() throws IOException {
        // given: the new one has a session of its own
        String web = perl(
                "slow",
                UPGRADING
                        .formatted("sleep 1000;")
                        .replace("if ($heir) {", "unless ($heir) { POSIX::setsid(); notify(\"MAINPID=$$\") } else {"));
        try (RunningSidecar sidecar =
                new RunningSidecar(folder, "draining", "web: { command: %s, notify: true }\n".formatted(web))) {
            sidecar.start().awaitReady();
            int old = sidecar.pidOf("web");
            int main = upgrade(sidecar, "web");
            assertThat(ProcFs.stat(old)).isPresent();
            assertRunsOn(sidecar, 1);

            // when
            assertThat(sidecar.terminate().exitCode()).isZero();

            // then
            assertThat(ProcFs.stat(main)).isEmpty();
            assertThat(ProcFs.stat(old)).isEmpty();
            assertThat(Tagged.of("draining")).isEmpty();
        }
    }

    @Test
    void sidecarKilledDuringAHandoverLeavesOneMain() throws IOException {
        // given
        String web = perl("often", UPGRADING.formatted("notify(\"MAINPID=$heir\"); exit 0;"));
        try (RunningSidecar sidecar = new RunningSidecar(
                folder,
                "often",
                "web: { command: %s, notify: true, restart: { backoff: { delay: 0s } } }\n".formatted(web))) {
            sidecar.start().awaitReady();
            for (int i = 0; i < 3; i++) {
                // when
                Programs.signal(sidecar.pidOf("web"), "HUP");
                sidecar.kill();
                sidecar.start().awaitReady();

                // then: the one on record, or the one that took over, or a new one
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(Tagged.of("often"))
                                .extracting(Tagged::pid)
                                .containsExactly(sidecar.pidOf("web")));
            }
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    @Test
    void serviceThatNamesOthersKeepsItsMain() throws IOException {
        // given
        String web = perl("liar", """
                use IO::Socket::UNIX;
                sub notify { IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ENV{NOTIFY_SOCKET})->send($_[0]) }
                notify("MAINPID=$_") for (1, getppid(), "soon", $ENV{STRANGER});
                notify("READY=1");
                sleep 1000;
                """);
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try (RunningSidecar sidecar = new RunningSidecar(
                folder,
                "liar",
                "web: { command: %s, notify: true, environment: { STRANGER: '%d' } }\n"
                        .formatted(web, stranger.pid()))) {
            // when
            sidecar.start().awaitReady();

            // then
            assertThat(ProcFs.commandLine(sidecar.pidOf("web")).orElseThrow()).contains("perl");
            assertThat(sidecar.fault("notify-main-refused")).isEqualTo(4);
            assertThat(Files.readString(sidecar.log(), StandardCharsets.UTF_8))
                    .containsOnlyOnce("Cannot take MAINPID=1 of web/0")
                    .contains("have the message sent while the old main and the new one live");
            assertThat(sidecar.terminate().exitCode()).isZero();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }
}
