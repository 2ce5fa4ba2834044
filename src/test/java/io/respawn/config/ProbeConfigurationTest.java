package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void readsEveryKeyOfALivenessProbeByACommand() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      liveness-probe:
                        exec: { command: [ /srv/alive, "", 010, "a,b" ] }
                        initial-delay: 5s
                        period: 2s
                        timeout: 500ms
                        success-threshold: 1
                        failure-threshold: 4
                        action: restart
                        signal: SIGQUIT
                """;

        // when
        Probes probes = probes(yaml);

        // then
        assertThat(probes)
                .isEqualTo(new Probes(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Probes.Liveness(
                                new Probe(
                                        new Probe.Exec(List.of("/srv/alive", "", "010", "a,b")),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(2),
                                        Duration.ofMillis(500),
                                        1,
                                        4),
                                Optional.of(Signal.QUIT),
                                true))));
    }

    @Test
    void givesAllProbesTheSameDefaults() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      startup-probe: { tcp-socket: { port: 1 } }
                      readiness-probe: { tcp-socket: { port: 1 } }
                      liveness-probe: { tcp-socket: { port: 1 } }
                """;

        // when
        Probes probes = probes(yaml);

        // then
        Duration second = Duration.ofSeconds(1);
        Probe probe = new Probe(new Probe.TcpSocket(1), Duration.ZERO, second, second, 1, 3);
        assertThat(probes)
                .isEqualTo(new Probes(
                        Optional.of(probe),
                        Optional.of(probe),
                        Optional.of(new Probes.Liveness(probe, Optional.empty(), true))));
    }

    @Test
    void readsALivenessProbeThatOnlyReports() {
        // given
        String yaml = "respawn: { services: { web: { command: [ x ],"
                + " liveness-probe: { http-get: { port: 1 }, action: none } } } }";

        // when
        Probes probes = probes(yaml);

        // then
        assertThat(probes.liveness())
                .hasValueSatisfying(liveness -> assertThat(liveness.restarts()).isFalse());
        assertThat(probes.isReadyAtOnce()).isTrue();
    }

    @Test
    void saysWhatIsWrongWithAProbe() {
        assertThat(mistakes("""
                        respawn:
                          services:
                            web:
                              command: [ x ]
                              startup-probe: { exec: { command: [] }, success-threshold: 2 }
                              readiness-probe: { exec: { command: [ x ] }, tcp-socket: { port: 1 } }
                              liveness-probe: { exec: { command: [ x ] }, success-threshold: 3, action: reboot }
                            db:
                              command: [ x ]
                              readiness-probe: { period: 1s }
                              liveness-probe: { tcp-socket: { port: 0 }, action: none, signal: SIGNOPE }
                            log:
                              command: [ x ]
                              liveness-probe: { tcp-socket: { port: 1 }, action: none, signal: QUIT }
                        """))
                .containsExactlyInAnyOrder(
                        "respawn.services.web.startup-probe.exec.command (line 5): Cannot probe by nothing: name the"
                                + " program and its arguments, such as [ \"/srv/alive\", \"--quick\" ]",
                        "respawn.services.web.readiness-probe (line 6): Cannot probe with 2 checks: give exactly one of"
                                + " 'http-get', 'tcp-socket' and 'exec'",
                        "respawn.services.web.liveness-probe.success-threshold (line 7): Cannot ask for more than one"
                                + " success here: only a readiness probe counts them; remove the key",
                        "respawn.services.web.liveness-probe.action (line 7): Cannot use 'reboot': one of restart, none"
                                + " is expected; write one of them",
                        "respawn.services.db.readiness-probe (line 10): Cannot probe with no check: give exactly one of"
                                + " 'http-get', 'tcp-socket' and 'exec'",
                        "respawn.services.db.liveness-probe.tcp-socket.port (line 11): Cannot probe port 0: 1 to 65535"
                                + " are allowed",
                        "respawn.services.db.liveness-probe.signal (line 11): Cannot use 'SIGNOPE' as a signal: one of"
                                + " SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGKILL, SIGUSR1, SIGUSR2, SIGTERM, SIGCONT,"
                                + " SIGSTOP, SIGWINCH is expected",
                        "respawn.services.log.liveness-probe.signal (line 14): Cannot send a signal before a stop that"
                                + " the action 'none' never begins: remove the signal or the action");
    }

    private Probes probes(String yaml) {
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) result)
                .plan()
                .service(new ServiceName("web"))
                .orElseThrow()
                .probes();
    }

    private List<String> mistakes(String yaml) {
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return ((LoadResult.Refused) result)
                .mistakes().stream().map(Mistake::toString).toList();
    }
}
