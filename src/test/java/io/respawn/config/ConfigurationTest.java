package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Backoff;
import io.respawn.model.Budget;
import io.respawn.model.Cron;
import io.respawn.model.DependencyCondition;
import io.respawn.model.ExitRule;
import io.respawn.model.OutputPolicy;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.Program;
import io.respawn.model.RespawnTriggers;
import io.respawn.model.RestartLimit;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Role;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import io.respawn.model.StartPolicy;
import io.respawn.model.StopPolicy;
import io.respawn.model.Ties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

    private static final String EVERY_KEY = """
            respawn:
              id: shop
              labels: { app: shop, "team/name": "a b" }
              state-directory: /var/lib/respawn/shop
              first-position: earliest
              state-partitions: 4
              create-topics: false
              shutdown-timeout: 2m
              kafka: { restore-wait: PT3S, heartbeat: 1m }
              log: { format: json }
              respawn:
                schedule: "0 3 * * 0"
                time-zone: Europe/Berlin
                heap-threshold: 90%
                heap-time: 2m
                min-interval: 6h
              budget: { permits: 7, interval: 3s, burst: 9, max-starting: 5 }
              services:
                db: { command: [ db ], infrastructure: true, restart: { policy: never } }
                web:
                  command: [ /srv/web, --port, 010, "", "a,b" ]
                  working-directory: /srv
                  environment: { MODE: prod, EMPTY: "", lower.case-Name: " x ", VERSION: 1.10, NO: yes }
                  instances: 3
                  autostart: false
                  essential: true
                  ends-sidecar: true
                  infrastructure: false
                  priority: 7
                  depends-on: { db: completed-successfully }
                  after: [ db ]
                  restart:
                    policy: on-failure
                    success-exit-codes: [ 0, 143 ]
                    rules:
                      - { exit-codes: [ 78 ], action: give-up }
                      - { signals: [ SIGSEGV, 34 ], action: stop }
                    limit: { count: 4, interval: 2m, retry-after: 10m }
                    scope: dependents
                    backoff: { delay: 1s, factor: 3.5, limit: 1m30s, jitter: 0.25, reset-after: 1h }
                  start-timeout: 45s
                  stop: { signal: quit, grace-period: 250ms }
                  readiness-probe:
                    http-get: { port: 9100, path: "/ready?x=1" }
                    initial-delay: 5s
                    period: 2s
                    timeout: 500ms
                    success-threshold: 2
                    failure-threshold: 4
                  signals: [ HUP, SIGUSR1 ]
                  output:
                    console: json
                    file:
                      path: "/var/log/web-{instance}.log"
                      max-size: 64KiB
                      max-age: 1d
                      max-files: 3
                      compress: false
            kafka:
              bootstrap.servers: kafka-1:9092
              security: { protocol: SSL }
            """;

    private static final ServiceSpec WEB = new ServiceSpec(
            new ServiceName("web"),
            new Program(
                    List.of("/srv/web", "--port", "010", "", "a,b"),
                    Optional.of("/srv"),
                    Map.of(
                            "MODE", "prod",
                            "EMPTY", "",
                            "lower.case-Name", " x ",
                            "VERSION", "1.10",
                            "NO", "yes")),
            3,
            new Role(false, true, true, false, 7),
            new Ties(
                    Map.of(new ServiceName("db"), DependencyCondition.COMPLETED_SUCCESSFULLY),
                    Set.of(new ServiceName("db"))),
            new StartPolicy(Duration.ofSeconds(45)),
            new RestartPolicy(
                    RestartPolicy.Mode.ON_FAILURE,
                    Set.of(0, 143),
                    List.of(
                            new ExitRule(Set.of(78), Set.of(), RestartPolicy.Verdict.GIVE_UP),
                            new ExitRule(Set.of(), Set.of(11, 34), RestartPolicy.Verdict.STOP)),
                    new Backoff(Duration.ofSeconds(1), 3.5, Duration.ofSeconds(90), 0.25, Duration.ofHours(1)),
                    Optional.of(new RestartLimit(4, Duration.ofMinutes(2), Optional.of(Duration.ofMinutes(10)))),
                    RestartPolicy.Scope.DEPENDENTS),
            StopPolicy.of(Signal.QUIT, Duration.ofMillis(250)),
            new Probes(
                    Optional.empty(),
                    Optional.of(new Probe(
                            new Probe.HttpGet(9100, "/ready?x=1"),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(2),
                            Duration.ofMillis(500),
                            2,
                            4)),
                    Optional.empty()),
            Set.of(Signal.HUP, Signal.USR1),
            new OutputPolicy(
                    OutputPolicy.Console.JSON,
                    Optional.of(new OutputPolicy.File(
                            Optional.of("/var/log/web-{instance}.log"),
                            64 * 1024,
                            Optional.of(Duration.ofDays(1)),
                            3,
                            false))));

    @TempDir
    Path directory;

    @Test
    void usesTheDocumentedDefaultsWhenNothingIsConfigured() throws IOException {
        // given
        Path hostName = Files.writeString(directory.resolve("hostname"), "\nShop-7\n");
        LoadRequest request = new LoadRequest(Optional.empty(), Map.of(), Map.of());

        // when
        LoadResult result = Configuration.load(request, directory.resolve("none.yaml"), hostName);

        // then
        LoadResult.Loaded loaded = loaded(result);
        assertThat(loaded.plan().id().value()).isEqualTo("shop-7");
        assertThat(loaded.plan().labels()).isEmpty();
        assertThat(loaded.plan().services()).isEmpty();
        assertThat(loaded.settings())
                .isEqualTo(new Settings(
                        Optional.empty(),
                        Optional.empty(),
                        Settings.FirstPosition.LATEST,
                        16,
                        true,
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(60),
                        Settings.LogFormat.TEXT,
                        Map.of(),
                        RespawnTriggers.DEFAULT));
        assertThat(loaded.settings().bootstrapServers()).isEmpty();
        assertThat(loaded.frameworkProperties())
                .isEqualTo(Map.of(
                        "respawn.id", "shop-7", "HOSTNAME", "shop-7", "quarkus.log.console.json.enabled", "false"));
    }

    @Test
    void usesTheDefaultsOfTheVocabularyForAServiceOfWhichOnlyTheCommandIsSaid() {
        // given
        String yaml = "respawn: { services: { web: { command: [ /srv/web ] } } }";

        // when
        LoadResult result = load(yaml, Map.of(), Map.of());

        // then
        ServiceName web = new ServiceName("web");
        assertThat(loaded(result).plan().services())
                .containsOnly(Map.entry(web, ServiceSpec.of(web, List.of("/srv/web"))));
    }

    @Test
    void readsEveryKey() {
        // when
        LoadResult result = load(EVERY_KEY, Map.of(), Map.of());

        // then
        LoadResult.Loaded loaded = loaded(result);
        assertThat(loaded.plan().labels()).isEqualTo(Map.of("app", "shop", "team/name", "a b"));
        assertThat(loaded.plan().budget()).isEqualTo(new Budget(7, Duration.ofSeconds(3), 9, 5));
        assertThat(loaded.plan().service(new ServiceName("web"))).contains(WEB);
        assertThat(loaded.plan().service(new ServiceName("db")))
                .hasValueSatisfying(db -> assertThat(db.role().infrastructure()).isTrue());
        assertThat(loaded.settings())
                .isEqualTo(new Settings(
                        Optional.of(file()),
                        Optional.of(Path.of("/var/lib/respawn/shop")),
                        Settings.FirstPosition.EARLIEST,
                        4,
                        false,
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(2),
                        Settings.LogFormat.JSON,
                        Map.of("bootstrap.servers", "kafka-1:9092", "security.protocol", "SSL"),
                        new RespawnTriggers(
                                Optional.of(new Cron("0 3 * * 0")),
                                "Europe/Berlin",
                                OptionalInt.of(90),
                                Duration.ofMinutes(2),
                                Duration.ofHours(6))));
        assertThat(loaded.frameworkProperties())
                .containsEntry("quarkus.log.console.json.enabled", "true")
                .containsEntry(UserFile.PROPERTY, file().toString());
    }

    @Test
    void letsTheEnvironmentWinOverTheFileAndSystemPropertiesOverBoth() {
        // given
        String yaml = """
                respawn: { id: file, state-partitions: 1, first-position: latest, services: { web: { command: [ x ] } } }
                kafka: { bootstrap: { servers: file:1 } }
                """;
        Map<String, String> environment = Map.of(
                "RESPAWN_ID", "env",
                "RESPAWN_STATE_PARTITIONS", "2",
                "RESPAWN_SERVICES_WEB_INSTANCES", "7",
                "RESPAWN_KAFKA_RESTORE_WAIT", "1s",
                "RESPAWN_STATE_DIRECTORY", "/tmp/state",
                "RESPAWN_URL", "not ours",
                "KAFKA_BOOTSTRAP_SERVERS", "env:1");

        // when
        LoadResult result = load(yaml, environment, Map.of("respawn.state-partitions", "3"));

        // then
        LoadResult.Loaded loaded = loaded(result);
        assertThat(loaded.plan().id().value()).isEqualTo("env");
        assertThat(loaded.settings().statePartitions()).isEqualTo(3);
        assertThat(loaded.settings().restoreWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(loaded.settings().stateDirectory()).contains(Path.of("/tmp/state"));
        assertThat(loaded.settings().bootstrapServers()).contains("env:1");
        assertThat(service(result, "web").instances()).isEqualTo(7);
    }

    @Test
    void expandsExpressionsAndLeavesOtherDollarsAlone() {
        // given
        String yaml = """
                respawn:
                  id: ${HOSTNAME}
                  services:
                    web:
                      command: [ sh, -c, 'kill $$; echo $1 \\$x $${HOME} ${HOME} ${NOPE:none} p$' ]
                """;

        // when
        LoadResult result = load(yaml, Map.of("HOSTNAME", "pod-1", "HOME", "/home"), Map.of());

        // then
        assertThat(loaded(result).plan().id().value()).isEqualTo("pod-1");
        assertThat(service(result, "web").program().command().get(2))
                .isEqualTo("kill $$; echo $1 \\$x ${HOME} /home none p$");
    }

    @Test
    void takesAnEmptyListForNone() {
        // given
        String yaml =
                "respawn: { services: { web: { command: [ x ], signals: [], restart: { success-exit-codes: [] } } } }";

        // when
        LoadResult result = load(yaml, Map.of(), Map.of());

        // then
        assertThat(service(result, "web").signals()).isEmpty();
        assertThat(service(result, "web").restart().successExitCodes()).isEmpty();
    }

    @Test
    void keepsDotsInServiceNamesApart() {
        // given
        String yaml = "respawn: { services: { shop.web: { command: [ a ] }, shop: { command: [ b ] } } }";

        // when
        LoadResult result = load(yaml, Map.of(), Map.of());

        // then
        assertThat(service(result, "shop.web").program().command()).containsExactly("a");
        assertThat(service(result, "shop").program().command()).containsExactly("b");
    }

    @Test
    void readsAnchorsAndMergedMaps() {
        // given
        String yaml = """
                respawn:
                  services:
                    a: &base { command: [ a ], instances: 2, stop: { grace-period: 1s } }
                    b: { <<: *base, command: [ b ] }
                """;

        // when
        LoadResult result = load(yaml, Map.of(), Map.of());

        // then
        assertThat(service(result, "b").program().command()).containsExactly("b");
        assertThat(service(result, "b").instances()).isEqualTo(2);
        assertThat(service(result, "b").stop().gracePeriod()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void findsTheFileByTheVariableAndThenAtItsDefaultPlace() throws IOException {
        // given
        Path named = Files.writeString(directory.resolve("named.yaml"), "respawn: { id: named }");
        Path standard = Files.writeString(directory.resolve("standard.yaml"), "respawn: { id: standard }");
        Path hostName = directory.resolve("no-hostname");

        // when
        LoadResult byVariable = Configuration.load(
                new LoadRequest(Optional.empty(), Map.of("RESPAWN_CONFIG", named.toString()), Map.of()),
                standard,
                hostName);
        LoadResult byDefault =
                Configuration.load(new LoadRequest(Optional.empty(), Map.of(), Map.of()), standard, hostName);

        // then
        assertThat(loaded(byVariable).plan().id().value()).isEqualTo("named");
        assertThat(loaded(byDefault).plan().id().value()).isEqualTo("standard");
        assertThat(loaded(byDefault).settings().file()).contains(standard);
    }

    @Test
    void takesAnEmptyFileForOneThatSaysNothing() {
        for (String yaml : List.of("", "# nothing\n", "---\n", "respawn:\n", "respawn:\n  services:\n")) {
            // when
            LoadResult result = load(yaml, Map.of("HOSTNAME", "pod"), Map.of());

            // then
            assertThat(loaded(result).plan().services()).as(yaml).isEmpty();
        }
    }

    private Path file() {
        return directory.resolve("respawn.yaml").toAbsolutePath();
    }

    private LoadResult load(String yaml, Map<String, String> environment, Map<String, String> systemProperties) {
        return ConfigurationFixture.load(directory, yaml, environment, systemProperties);
    }

    private static LoadResult.Loaded loaded(LoadResult result) {
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return (LoadResult.Loaded) result;
    }

    private static ServiceSpec service(LoadResult result, String name) {
        return loaded(result).plan().service(new ServiceName(name)).orElseThrow();
    }
}
