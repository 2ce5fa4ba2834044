package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.EnvironmentSources;
import io.respawn.model.ProcessSetting;
import io.respawn.model.ProcessSetting.Limit;
import io.respawn.model.ProcessSetting.Resource;
import io.respawn.model.Program;
import io.respawn.model.ServiceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetUpConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void readsEveryKey() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      inherit-environment: [ PATH, LC_* ]
                      environment-files: [ a.env, /etc/b.env ]
                      secret-environment: { TOKEN: /run/secrets/token }
                      user: www-data
                      group: 1001
                      supplementary-groups: [ adm, 1002 ]
                      umask: "027"
                      no-new-privileges: true
                      limits: { open-files: 1024:4096, core-size: 0, stack-size: 8MiB:unlimited, cpu-time: 1h, nice: -5, oom-score-adj: 100 }
                      cgroup: shop/web
                    bare: { command: [ x ], inherit-environment: [ none ], supplementary-groups: [] }
                    full: { command: [ x ], inherit-environment: [ all ] }
                """;

        // when
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

        // then
        assertThat(program(result, "web").sources())
                .isEqualTo(new EnvironmentSources(
                        Optional.of(List.of("PATH", "LC_*")),
                        List.of("a.env", "/etc/b.env"),
                        Map.of("TOKEN", "/run/secrets/token")));
        assertThat(program(result, "web").setting())
                .isEqualTo(new ProcessSetting(
                        Optional.of("www-data"),
                        Optional.of("1001"),
                        Optional.of(List.of("adm", "1002")),
                        Optional.of(027),
                        true,
                        Map.of(
                                Resource.OPEN_FILES, new Limit(Optional.of(1024L), Optional.of(4096L)),
                                Resource.CORE_SIZE, new Limit(Optional.of(0L), Optional.of(0L)),
                                Resource.STACK_SIZE, new Limit(Optional.of(8L << 20), Optional.empty()),
                                Resource.CPU_TIME, new Limit(Optional.of(3600L), Optional.of(3600L))),
                        Optional.of(-5),
                        Optional.of(100),
                        Optional.of("shop/web")));
        assertThat(program(result, "bare").sources().inherited()).contains(List.of());
        assertThat(program(result, "bare").setting().supplementaryGroups()).contains(List.of());
        assertThat(program(result, "full").sources()).isEqualTo(EnvironmentSources.DEFAULT);
        assertThat(program(result, "full").setting()).isEqualTo(ProcessSetting.DEFAULT);
    }

    @Test
    void namesEachMistake() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      environment: { TOKEN: value }
                      inherit-environment: [ all, PATH ]
                      environment-files: [ " " ]
                      secret-environment: { TOKEN: /run/secrets/token, RESPAWN_ID: x }
                      user: "a:b"
                      umask: "088"
                      no-new-privileges: maybe
                      limits: { open-file: 3, processes: many, core-size: "2:1", nice: 20, oom-score-adj: low }
                      cgroup: ../web
                """;

        // when
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

        // then
        assertThat(result)
                .isInstanceOfSatisfying(
                        LoadResult.Refused.class,
                        refused -> assertThat(refused.mistakes())
                                .extracting(Mistake::path)
                                .containsExactlyInAnyOrder(
                                        "respawn.services.web.inherit-environment[0]",
                                        "respawn.services.web.environment-files[0]",
                                        "respawn.services.web.secret-environment.TOKEN",
                                        "respawn.services.web.secret-environment.RESPAWN_ID",
                                        "respawn.services.web.user",
                                        "respawn.services.web.umask",
                                        "respawn.services.web.no-new-privileges",
                                        "respawn.services.web.limits.open-file",
                                        "respawn.services.web.limits.processes",
                                        "respawn.services.web.limits.core-size",
                                        "respawn.services.web.limits.nice",
                                        "respawn.services.web.limits.oom-score-adj",
                                        "respawn.services.web.cgroup"));
        assertThat(((LoadResult.Refused) result).mistakes())
                .anySatisfy(mistake -> assertThat(mistake.toString()).contains("did you mean 'open-files'?"));
    }

    private static Program program(LoadResult result, String service) {
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) result)
                .plan()
                .service(new ServiceName(service))
                .orElseThrow()
                .program();
    }
}
