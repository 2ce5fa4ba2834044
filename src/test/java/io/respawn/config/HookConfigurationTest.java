package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Hook;
import io.respawn.model.Hooks;
import io.respawn.model.Probe;
import io.respawn.model.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void readsEveryKeyAndKnowsTheDefaults() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      hooks:
                        pre-start: { exec: { command: [ /bin/check, --deep ] }, timeout: 2m, on-failure: skip }
                        post-start: { http-get: { port: 9100, path: /warm }, timeout: 3s, on-failure: ignore }
                        pre-stop: { tcp-socket: { port: 9100 }, timeout: 1s }
                        post-stop: { exec: { command: [ /bin/clean ] }, timeout: 1h }
                    plain:
                      command: [ x ]
                      hooks:
                        pre-start: { exec: { command: [ y ] } }
                        post-start: { exec: { command: [ y ] } }
                        pre-stop: { http-get: { port: 1 } }
                        post-stop: { exec: { command: [ y ] } }
                    bare: { command: [ x ] }
                """;

        // when
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

        // then
        assertThat(hooks(result, "web"))
                .isEqualTo(new Hooks(
                        Optional.of(new Hooks.PreStart(exec(Duration.ofMinutes(2), "/bin/check", "--deep"), true)),
                        Optional.of(new Hooks.PostStart(
                                new Hook(new Probe.HttpGet(9100, "/warm"), Duration.ofSeconds(3)), false)),
                        Optional.of(new Hook(new Probe.TcpSocket(9100), Duration.ofSeconds(1))),
                        Optional.of(exec(Duration.ofHours(1), "/bin/clean"))));
        assertThat(hooks(result, "plain"))
                .isEqualTo(new Hooks(
                        Optional.of(new Hooks.PreStart(exec(Duration.ofSeconds(30), "y"), false)),
                        Optional.of(new Hooks.PostStart(exec(Duration.ofSeconds(30), "y"), true)),
                        Optional.of(new Hook(new Probe.HttpGet(1, "/"), Duration.ofSeconds(5))),
                        Optional.of(exec(Duration.ofSeconds(30), "y"))));
        assertThat(hooks(result, "bare")).isEqualTo(Hooks.DEFAULT);
    }

    @Test
    void namesEachMistakeWithItsRemedy() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      environment: { RESPAWN_HOOK: mine }
                      hooks:
                        pre-start: { exec: { command: [ y ] }, on-failure: skp }
                        post-start: { timeout: 1s }
                        pre-stop: { http-get: { port: 1 }, tcp-socket: { port: 1 } }
                        post-stop: { exec: { command: [] }, timeout: 2d }
                    next:
                      command: [ x ]
                      hooks: { pre-start: { http-get: { path: / } }, post-stop: { exec: { command: [ y ] }, on-failure: skip } }
                    last:
                      command: [ x ]
                      hooks: { before-start: { exec: { command: [ y ] } }, post-stop: { exec: { command: [ y ] }, timeout: 2d } }
                """;

        // when
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

        // then
        assertThat(result)
                .isInstanceOfSatisfying(
                        LoadResult.Refused.class,
                        refused -> assertThat(refused.mistakes())
                                .anySatisfy(mistake -> assertThat(mistake.toString())
                                        .contains("web.environment.RESPAWN_HOOK", "the sidecar sets it itself"))
                                .anySatisfy(mistake -> assertThat(mistake.toString())
                                        .contains(
                                                "web.hooks.pre-start.on-failure",
                                                "one of fail, skip is expected; did you mean 'skip'?"))
                                .anySatisfy(mistake -> assertThat(mistake.toString())
                                        .contains(
                                                "web.hooks.post-start",
                                                "Cannot run a post-start hook with no check: give exactly one of 'http-get',"
                                                        + " 'tcp-socket' and 'exec'"))
                                .anySatisfy(mistake ->
                                        assertThat(mistake.toString()).contains("web.hooks.pre-stop", "with 2 checks"))
                                .anySatisfy(mistake -> assertThat(mistake.toString())
                                        .contains(
                                                "web.hooks.post-stop.exec.command",
                                                "Cannot run a post-stop hook by nothing: name the program"))
                                .anySatisfy(mistake -> assertThat(mistake.toString())
                                        .contains(
                                                "next.hooks.pre-start.http-get.port",
                                                "Cannot run a pre-start hook without a port: give one of 1 to 65535"))
                                .anySatisfy(mistake ->
                                        assertThat(mistake.toString()).contains("next.hooks.post-stop.on-failure"))
                                .anySatisfy(mistake ->
                                        assertThat(mistake.toString()).contains("last.hooks.before-start"))
                                .anySatisfy(mistake -> assertThat(mistake.toString())
                                        .contains("last.hooks.post-stop.timeout", "10ms to 24h are allowed")));
    }

    private static Hook exec(Duration timeout, String... command) {
        return new Hook(new Probe.Exec(List.of(command)), timeout);
    }

    private static Hooks hooks(LoadResult result, String service) {
        return ((LoadResult.Loaded) result)
                .plan()
                .services()
                .get(new ServiceName(service))
                .hooks();
    }
}
