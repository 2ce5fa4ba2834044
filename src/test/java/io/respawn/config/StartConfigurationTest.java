package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.ReadyLine;
import io.respawn.model.ServiceName;
import io.respawn.model.StartPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void readsHowAServiceSaysThatItIsUp() {
        // given
        String yaml = """
                respawn:
                  services:
                    web: { command: [ x ], notify: true, watchdog: 1m30s, start-timeout: 5s }
                    db: { command: [ x ], ready-line: '\\bready (for|to) "work", #\\d{2,}$' }
                    log: { command: [ x ] }
                """;

        // when
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

        // then
        assertThat(start(result, "web"))
                .isEqualTo(new StartPolicy(
                        Duration.ofSeconds(5), true, Optional.of(Duration.ofSeconds(90)), Optional.empty()));
        assertThat(start(result, "db"))
                .isEqualTo(new StartPolicy(
                        Duration.ofSeconds(30),
                        false,
                        Optional.empty(),
                        Optional.of(new ReadyLine("\\bready (for|to) \"work\", #\\d{2,}$"))));
        assertThat(start(result, "log")).isEqualTo(StartPolicy.DEFAULT);
    }

    private static StartPolicy start(LoadResult result, String service) {
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) result)
                .plan()
                .service(new ServiceName(service))
                .orElseThrow()
                .start();
    }

    @Test
    void readsThemFromTheEnvironment() {
        // when
        LoadResult result = ConfigurationFixture.load(
                directory,
                "respawn: { services: { web: { command: [ x ] } } }",
                Map.of("RESPAWN_SERVICES_WEB_NOTIFY", "true", "RESPAWN_SERVICES_WEB_WATCHDOG", "3s"),
                Map.of());

        // then
        assertThat(start(result, "web").watchdog()).contains(Duration.ofSeconds(3));
    }

    @Test
    void refusesEachBadValueInOneMessage() {
        assertThat(mistakes("""
                        respawn:
                          services:
                            one: { command: [ x ], notify: maybe }
                            two: { command: [ x ], notify: true, watchdog: 5 }
                            three: { command: [ x ], notify: true, watchdog: 99ms }
                            four: { command: [ x ], watchdog: 1s }
                            five: { command: [ x ], ready-line: 'up (' }
                            six: { command: [ x ], notify: true, environment: { NOTIFY_SOCKET: /x, MODE: y } }
                            seven: { command: [ x ], environment: { NOTIFY_SOCKET: /x } }
                        """))
                .containsExactlyInAnyOrder(
                        "respawn.services.one.notify (line 3): Cannot use 'maybe': true or false is expected; write one"
                                + " of them",
                        "respawn.services.two.watchdog (line 4): Cannot use '5': a duration is expected; give a number"
                                + " and its unit: 500ms, 10s, 2m, 1h, 1d or PT1S",
                        "respawn.services.three.watchdog (line 5): Cannot use '99ms': a silence of at least 100ms is"
                                + " expected",
                        "respawn.services.four.watchdog (line 6): Cannot watch for signs of life that have no way to"
                                + " come: set 'notify: true' or remove the watchdog",
                        "respawn.services.five.ready-line (line 7): Cannot understand the pattern 'up (': Unclosed group"
                                + " at character 5",
                        "respawn.services.six.environment.NOTIFY_SOCKET (line 8): Cannot set this variable beside"
                                + " 'notify': the sidecar sets it itself; remove it");
    }

    @Test
    void refusesTwoWaysToComeUpInOneMessage() {
        assertThat(mistakes("""
                        respawn:
                          services:
                            one: { command: [ x ], notify: true, ready-line: up }
                            two: { command: [ x ], notify: true, startup-probe: { tcp-socket: { port: 1 } } }
                            three: { command: [ x ], ready-line: up, startup-probe: { tcp-socket: { port: 1 } } }
                            four:
                              command: [ x ]
                              notify: true
                              startup-probe: { tcp-socket: { port: 1 } }
                              ready-line: up
                        """))
                .containsExactlyInAnyOrder(
                        "respawn.services.one.ready-line (line 3): Cannot have 2 ways to know that it has come up"
                                + " (notify, ready-line): keep one of them",
                        "respawn.services.two.notify (line 4): Cannot have 2 ways to know that it has come up"
                                + " (startup-probe, notify): keep one of them",
                        "respawn.services.three.ready-line (line 5): Cannot have 2 ways to know that it has come up"
                                + " (startup-probe, ready-line): keep one of them",
                        "respawn.services.four.ready-line (line 10): Cannot have 3 ways to know that it has come up"
                                + " (startup-probe, notify, ready-line): keep one of them");
    }

    private List<String> mistakes(String yaml) {
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return ((LoadResult.Refused) result)
                .mistakes().stream().map(Mistake::toString).toList();
    }
}
