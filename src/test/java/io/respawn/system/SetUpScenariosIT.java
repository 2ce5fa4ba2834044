package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.respawn.linux.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes are given before they begin, by a sidecar that is root and by one that is an ordinary user. */
final class SetUpScenariosIT {

    private static final String USER = "61235";

    @TempDir
    Path folder;

    private static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void aRootSidecarRunsServicesAsOthersAndStopsAndRestartsAndKeepsThem() throws IOException {
        // given
        assumeTrue(ProcFs.ownUser() == 0, "only root can take on another identity");
        open(folder);
        try (var sidecar = new RunningSidecar(folder, "as-root", """
                web:
                  command: [ sh, -c, 'id -u; id -g; ulimit -n; umask; exec sleep 1000' ]
                  user: nobody
                  umask: "027"
                  no-new-privileges: true
                  limits: { open-files: 4096, nice: 5, oom-score-adj: 100 }
                plain: { command: [ sleep, "1000" ] }
                """)) {
            open(sidecar.stateDirectory().getParent());
            sidecar.start().awaitReady();
            int web = sidecar.pidOf("web");
            await("what it says of itself")
                    .untilAsserted(() -> assertThat(sidecar.text("/api/v1/services/web/logs?lines=10"))
                            .contains("65534", "4096", "27"));

            // when it crashes
            sidecar.kill();
            sidecar.start().awaitReady();

            // then
            assertThat(sidecar.pidOf("web")).isEqualTo(web);
            assertThat(Files.readString(Path.of("/proc/" + web + "/status")))
                    .containsPattern("Uid:\\s+65534\\s+65534\\s+65534\\s+65534\n")
                    .containsPattern("NoNewPrivs:\\s+1\n");

            // when it is restarted, and the sidecar loads itself anew
            assertThat(sidecar.cli("restart", "web", "--wait").exitCode()).isZero();
            assertThat(sidecar.cli("respawn", "--wait").exitCode()).isZero();
            sidecar.awaitStatus("its return", status -> sidecar.isReady("web"));
            assertThat(sidecar.pidOf("web")).isNotEqualTo(web);
            int again = sidecar.pidOf("web");
            assertThat(sidecar.cli("restart", "web", "--wait").exitCode()).isZero();

            // then
            assertThat(sidecar.pidOf("web")).isNotEqualTo(again);
            assertThat(sidecar.terminate().exitCode()).isZero();
            assertThat(Tagged.of("as-root")).isEmpty();
        }
    }

    @Test
    void anOrdinaryUserGivesWhatItMayAndSaysOfEveryOtherPartWhatIsMissing() throws IOException {
        // given
        assumeTrue(ProcFs.ownUser() == 0, "only root can start a sidecar as another user");
        open(folder);
        try (var sidecar = new RunningSidecar(folder, "as-user", """
                allowed:
                  command: [ sh, -c, 'exec sleep 1000' ]
                  user: %1$s
                  group: %1$s
                  umask: "077"
                  no-new-privileges: true
                  limits: { open-files: 100:200, core-size: 0, nice: 3, oom-score-adj: 500 }
                user: { command: [ sleep, "1000" ], user: nobody }
                group: { command: [ sleep, "1000" ], group: nogroup }
                nice: { command: [ sleep, "1000" ], limits: { nice: -5 } }
                oom: { command: [ sleep, "1000" ], limits: { oom-score-adj: -500 } }
                limit: { command: [ sleep, "1000" ], limits: { open-files: unlimited } }
                cgroup: { command: [ sleep, "1000" ], cgroup: /respawn-as-user }
                secret: { command: [ sleep, "1000" ], secret-environment: { TOKEN: /etc/shadow } }
                """.formatted(USER))
                .through(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"))) {
            open(sidecar.stateDirectory().getParent());

            // when
            sidecar.start();

            // then
            sidecar.awaitStatus("the one that is allowed", status -> sidecar.isReady("allowed"));
            int allowed = sidecar.pidOf("allowed");
            assertThat(Files.readString(Path.of("/proc/" + allowed + "/status")))
                    .containsPattern("Umask:\\s+0077\n")
                    .containsPattern("NoNewPrivs:\\s+1\n");
            assertThat(Files.readString(Path.of("/proc/" + allowed + "/limits")))
                    .containsPattern("Max open files\\s+100\\s+200 ");
            assertThat(Files.readString(Path.of("/proc/" + allowed + "/oom_score_adj")))
                    .isEqualTo("500\n");
            says(sidecar, "user", "as the user 65534", "give it CAP_SETUID and CAP_SETGID");
            says(sidecar, "group", "in the group 65534", "give it CAP_SETGID");
            says(sidecar, "nice", "with nice -5", "give the sidecar CAP_SYS_NICE");
            says(sidecar, "oom", "with oom-score-adj -500", "give the sidecar CAP_SYS_RESOURCE");
            says(sidecar, "limit", "with the limit open-files unlimited", "give the sidecar CAP_SYS_RESOURCE");
            says(sidecar, "cgroup", "cgroup", "remove the key");
            says(sidecar, "secret", "/etc/shadow", "allow the user of the sidecar to read it");
            assertThat(sidecar.terminate().exitCode()).isZero();
        }
    }

    /** One sentence that names the part and what helps. */
    private static void says(RunningSidecar sidecar, String service, String part, String remedy) {
        sidecar.awaitStatus(
                service + " that says why",
                status -> sidecar.instance(service).path("reason").asText().contains(remedy));
        String reason = sidecar.instance(service).path("reason").asText();
        assertThat(reason).contains("Cannot ", part, remedy).doesNotContain("\n");
        assertThat(sidecar.instance(service).path("pid").isMissingNode()
                        || sidecar.instance(service).path("pid").isNull())
                .isTrue();
    }
}
