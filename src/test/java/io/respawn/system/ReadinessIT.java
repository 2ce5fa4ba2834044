package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that say by themselves how they are: by the notify socket, by a line, and one that falls silent. */
final class ReadinessIT {

    /** {@code notify} speaks as {@code sd_notify} does; {@code until} waits for a file. */
    private static final String PERL = """
            use IO::Socket::UNIX;
            sub notify { IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ENV{NOTIFY_SOCKET})->send($_[0]) }
            sub until_there { select(undef, undef, undef, 0.01) until -e $_[0] }
            """;

    @TempDir
    static Path folder;

    private static String perl(String name, String script) throws IOException {
        Path file = folder.resolve(name + ".pl");
        Files.writeString(file, PERL + script);
        return "[ perl, '" + file + "' ]";
    }

    private static Path go(String name) {
        return folder.resolve(name + ".go");
    }

    @Test
    void servicesThatSaySoAreReadyAndStaySoOverACrashOfTheSidecar() throws IOException {
        // given
        String speaker = perl("speaker", """
                $SIG{HUP} = sub { $reload = 1 };
                notify("STATUS=serving\\nREADY=1");
                while (1) {
                    select(undef, undef, undef, 0.01);
                    if ($reload) {
                        $reload = 0;
                        notify("RELOADING=1");
                        until_there("%1$s");
                        unlink("%1$s");
                        notify("READY=1");
                    }
                }
                """.formatted(go("reload")));
        try (RunningSidecar sidecar = new RunningSidecar(folder, "ready", """
                        speaker: { command: %s, notify: true }
                        printer:
                          command: [ sh, -c, 'echo warming up; echo "listening on port 80" >&2; exec sleep 1000' ]
                          ready-line: 'listening on .*\\d+$'
                        """.formatted(speaker))
                .with("NOTIFY_SOCKET", "/run/not-for-children")
                .with("WATCHDOG_PID", "1")
                .with("WATCHDOG_USEC", "1000000")) {
            sidecar.start().awaitReady();
            int speakerPid = sidecar.pidOf("speaker");
            int printerPid = sidecar.pidOf("printer");
            assertThat(sidecar.instance("speaker").path("status").asText()).isEqualTo("serving");
            assertThat(sidecar.cli("status").output()).contains("'serving'");
            assertThat(environment(speakerPid))
                    .contains("NOTIFY_SOCKET=" + sidecar.stateDirectory().resolve("notify"))
                    .doesNotContain("WATCHDOG");
            assertThat(environment(printerPid)).doesNotContain("NOTIFY_SOCKET");

            // when
            reload(sidecar);

            // then
            Files.createFile(go("reload"));
            sidecar.awaitReady();

            // when
            sidecar.kill();
            sidecar.start().awaitReady();

            // then
            assertThat(sidecar.pidOf("speaker")).isEqualTo(speakerPid);
            assertThat(sidecar.pidOf("printer")).isEqualTo(printerPid);
            reload(sidecar);
            Files.createFile(go("reload"));
            sidecar.awaitReady();
            assertThat(sidecar.instance("speaker").path("restarts").asInt()).isZero();
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    private static void reload(RunningSidecar sidecar) {
        Programs.signal(sidecar.pidOf("speaker"), "HUP");
        sidecar.awaitStatus(
                "the reload",
                status -> status.at("/services/1/instances/0/reason").asText().equals("has yet to say that it is up"));
    }

    @Test
    void serviceThatHadNotSaidSoBeforeACrashOfTheSidecarMaySayItToTheNext() throws IOException {
        // given
        String late = perl("late", """
                until_there("%s");
                notify("READY=1");
                sleep 1000;
                """.formatted(go("late")));
        try (RunningSidecar sidecar =
                new RunningSidecar(folder, "late", "late: { command: %s, notify: true }\n".formatted(late))) {
            sidecar.start().awaitStatus("the start", status -> isRunning(status.at("/services/0/instances/0")));
            int pid = sidecar.pidOf("late");

            // when
            sidecar.kill();
            sidecar.start().awaitStatus("the adoption", status -> isRunning(status.at("/services/0/instances/0")));
            Files.createFile(go("late"));

            // then
            sidecar.awaitReady();
            assertThat(sidecar.pidOf("late")).isEqualTo(pid);
        }
    }

    private static boolean isRunning(com.fasterxml.jackson.databind.JsonNode instance) {
        return instance.path("state").asText().equals("running");
    }

    @Test
    void serviceThatFallsSilentIsRestartedByItsWatchdog() throws IOException {
        // given: the first one gives some signs of life and then none, all others go on
        String silent = perl("silent", """
                my $interval = $ENV{WATCHDOG_USEC} / 1e6 / 4;
                notify("READY=1");
                for (my $i = 0; $i < 8 || $ENV{RESPAWN_INCARNATION} > 1; $i++) {
                    select(undef, undef, undef, $interval);
                    notify("WATCHDOG=1");
                }
                sleep 1000;
                """);
        try (RunningSidecar sidecar = new RunningSidecar(folder, "silent", """
                        silent: { command: %s, notify: true, watchdog: 1s, restart: { backoff: { delay: 0s } } }
                        """.formatted(silent))) {
            // when
            sidecar.start().awaitReady();

            // then
            sidecar.awaitStatus(
                    "the restart",
                    status -> status.at("/services/0/instances/0/incarnation").asInt() == 2);
            sidecar.awaitReady();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(Files.readString(sidecar.log(), StandardCharsets.UTF_8))
                            .contains("the watchdog heard nothing for 1000 ms"));
        }
    }

    private static String environment(int pid) throws IOException {
        return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8)
                .replace('\0', '\n');
    }
}
