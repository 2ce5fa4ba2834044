package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MistakesTest {

    @TempDir
    Path directory;

    @Test
    void reportsFiveMistakesOfOneFileInFiveMessages() {
        // given
        String yaml = """
                respawn:
                  id: Shop!
                  services:
                    web:
                      command: [ /srv/web ]
                      instances: many
                      restart:
                        backoff: { factor: 0.5, delay: 10 }
                      depends-on: { dbb: ready }
                    db:
                      command: [ /srv/db ]
                """;

        // when
        List<String> mistakes = mistakes(yaml);

        // then
        assertThat(mistakes)
                .containsExactlyInAnyOrder(
                        "respawn.id (line 2): Cannot use 'Shop!' as sidecar id: 1 to 63 characters of a-z, 0-9, '.' and"
                                + " '-' are allowed, a letter or digit first and last",
                        "respawn.services.web.instances (line 6): Cannot use 'many': a whole number is expected; write"
                                + " for example 3",
                        "respawn.services.web.restart.backoff.factor (line 8): Cannot use factor 0.5: 1 to 100 are"
                                + " allowed",
                        "respawn.services.web.restart.backoff.delay (line 8): Cannot use '10': a duration is expected;"
                                + " give a number and its unit: 500ms, 10s, 2m, 1h, 1d or PT1S",
                        "respawn.services.web.depends-on.dbb (line 9): Cannot depend on 'dbb': there is no such"
                                + " service; did you mean 'db'?");
    }

    @Test
    void blamesEachKeyOfTheOutputByItsPath() {
        assertThat(mistakes("""
                        respawn:
                          services:
                            web:
                              command: [ x ]
                              instances: 2
                              output:
                                console: xml
                                file: { path: /a, max-size: 1MB, max-age: 5, max-files: 0, compress: maybe }
                            one:
                              command: [ x ]
                              output: { file: { path: log, max-size: 1KiB } }
                            two: { command: [ x ], output: { file: { path: /same } } }
                            too: { command: [ x ], output: { file: { path: /same } } }
                            void: { command: [ x ], output: { file: {} } }
                        """))
                .satisfiesExactlyInAnyOrder(
                        mistake -> assertThat(mistake)
                                .startsWith("respawn.services.web.output.console (line 7): Cannot use 'xml': one of"),
                        mistake -> assertThat(mistake)
                                .startsWith(
                                        "respawn.services.web.output.file.path (line 8): Cannot let 2 instances write"
                                                + " to '/a': put {instance}"),
                        mistake -> assertThat(mistake)
                                .startsWith(
                                        "respawn.services.web.output.file.max-size (line 8): Cannot use '1MB': a size"),
                        mistake -> assertThat(mistake)
                                .startsWith(
                                        "respawn.services.web.output.file.max-age (line 8): Cannot use '5': a duration"),
                        mistake -> assertThat(mistake)
                                .startsWith("respawn.services.web.output.file.max-files (line 8): Cannot keep 0 files"),
                        mistake -> assertThat(mistake)
                                .startsWith("respawn.services.web.output.file.compress (line 8): Cannot use 'maybe'"),
                        mistake -> assertThat(mistake)
                                .startsWith("respawn.services.one.output.file.path (line 11): Cannot write to 'log'"),
                        mistake -> assertThat(mistake)
                                .startsWith(
                                        "respawn.services.one.output.file.max-size (line 11): Cannot use files of 1024"),
                        mistake -> assertThat(mistake).contains("services.void.output.file"),
                        mistake -> assertThat(mistake)
                                .startsWith("respawn.services.two.output.file.path (line 12): Cannot write to '/same':"
                                        + " 'too' writes to it already"));
    }

    @Test
    void saysWhichKeyWasProbablyMeant() {
        assertThat(mistakes("respawn: { services: { web: { comand: [ x ], command: [ x ] } } }"))
                .containsExactly("respawn.services.web.comand (line 1): Cannot use 'comand': there is no such key;"
                        + " did you mean 'command'?");
        assertThat(mistakes("respawn: { services: { web: { command: [ x ], workingDirectory: / } } }"))
                .singleElement()
                .asString()
                .endsWith("did you mean 'working-directory'?");
        assertThat(mistakes("respwan: { id: x }")).singleElement().asString().contains("did you mean 'respawn'?");
        assertThat(mistakes("respawn: { frobnicate: 1 }"))
                .singleElement()
                .asString()
                .contains("known here: budget, create-topics, first-position");
        assertThat(mistakes("respawn.id: x")).singleElement().asString().contains("nested maps");
    }

    @Test
    void saysThatADesignedKeyIsNotThereYet() {
        assertThat(mistakes("""
                        respawn:
                          on-fenced: keep
                          services:
                            web:
                              command: [ x ]
                              watch: { executable: /usr/sbin/nginx }
                        """))
                .containsExactlyInAnyOrder(
                        "respawn.on-fenced (line 2): Cannot use this key: it is not available in this version; remove it",
                        "respawn.services.web.watch (line 6): Cannot use this key: it is not available in this"
                                + " version; remove it");
    }

    @Test
    void namesThePlaceOfASyntaxErrorWithoutShowingTheFile() {
        assertThat(mistakes("respawn:\n  services:\n    web:\n      environment: { PASSWORD: hunter2\n  id: [\n"))
                .singleElement()
                .asString()
                .startsWith(directory.resolve("respawn.yaml") + ": Cannot read this file as YAML at line ")
                .doesNotContain("hunter2");
    }

    @Test
    void refusesWrongShapes() {
        assertThat(mistakes("respawn: { services: 5 }"))
                .singleElement()
                .asString()
                .contains("a map (key: value)");
        assertThat(mistakes("respawn: [ 1 ]")).singleElement().asString().contains("Cannot use a list here");
        assertThat(mistakes("just text")).singleElement().asString().contains("a map with the key 'respawn'");
        assertThat(mistakes("respawn: { services: { web: { command: /srv/web } } }"))
                .singleElement()
                .asString()
                .contains("a list is expected");
        assertThat(mistakes("respawn: { id: }")).singleElement().asString().contains("a key without a value");
        assertThat(mistakes("respawn: { services: { web: } }"))
                .singleElement()
                .asString()
                .contains("an empty map");
        assertThat(mistakes("respawn: { services: { web: { environment: {} } } }"))
                .singleElement()
                .asString()
                .contains("an empty map");
        assertThat(mistakes("respawn: { services: { web: { command: [] } } }"))
                .singleElement()
                .asString()
                .startsWith("respawn.services.web.command (line 1): Cannot run nothing");
        assertThat(mistakes("respawn: { id: a }\nrespawn: { id: b }"))
                .containsExactly(
                        "respawn (line 1): Cannot use 'respawn' twice: it stands at line 1 and at line 2; remove one");
        assertThat(mistakes("respawn: { id: a }\n---\nrespawn: { id: b }"))
                .singleElement()
                .asString()
                .contains("Cannot read this file as YAML");
        assertThat(mistakes("respawn: &a { services: *a }")).isNotEmpty();
        assertThat(mistakes("other: &a [ *a ]")).singleElement().asString().contains("an alias that contains itself");
    }

    @Test
    void refusesDependenciesThatNeverComeTrue() {
        assertThat(mistakes("""
                        respawn:
                          services:
                            a: { command: [ x ], depends-on: { b: started }, instances: 0 }
                            b: { command: [ x ], depends-on: { a: started } }
                            kafka: { command: [ x ], infrastructure: true, depends-on: { b: started } }
                            c: { command: [ x ], depends-on: { b: completed }, after: [ dd ] }
                            disk: { command: [ x ], infrastructure: true, after: [ c ] }
                            d: { command: [ x ], after: [ d ] }
                        """))
                .containsExactlyInAnyOrder(
                        "respawn.services.a.instances (line 3): Cannot run 0 instances: 1 to 1000 are allowed",
                        "respawn.services.kafka.depends-on.b (line 5): Cannot let infrastructure wait for 'b', which"
                                + " starts later: make that one infrastructure too, or remove this",
                        "respawn.services.c.after[0] (line 6): Cannot start after 'dd': there is no such service; did"
                                + " you mean 'd'?",
                        "respawn.services.disk.after (line 7): Cannot let infrastructure wait for 'c', which starts"
                                + " later: make that one infrastructure too, or remove this",
                        "respawn.services.c.depends-on.b (line 6): Cannot wait for 'b' to be completed: its restart"
                                + " policy is always; set it to on-failure or never",
                        "respawn.services (line 2): Cannot order the services: they wait for each other in a cycle,"
                                + " a -> b -> a");
    }

    @Test
    void refusesStopStepsThatCannotBeTaken() {
        assertThat(mistakes("""
                        respawn:
                          services:
                            a:
                              command: [ x ]
                              stop:
                                steps:
                                  - { signal: SIGQUIT, command: [ y ], wait: 1s }
                                  - { signal: SIGTERM }
                                  - { command: [ y ], wait: 2d }
                                  - { signal: SIGNONE, wait: 1s }
                                  - { command: [ y ], wait: soon }
                        """))
                .hasSize(5)
                .satisfiesExactlyInAnyOrder(
                        first -> assertThat(first)
                                .isEqualTo("respawn.services.a.stop.steps[0] (line 7): Cannot take this step: either a"
                                        + " 'signal' or a 'command' is expected"),
                        second -> assertThat(second)
                                .startsWith("respawn.services.a.stop.steps[1].wait")
                                .contains("Cannot go on at once: say how long the end is waited for"),
                        third -> assertThat(third)
                                .startsWith("respawn.services.a.stop.steps[2].wait (line 9): Cannot wait PT48H"),
                        fourth -> assertThat(fourth)
                                .startsWith("respawn.services.a.stop.steps[3].signal (line 10)")
                                .contains("SIGNONE"),
                        fifth -> assertThat(fifth)
                                .startsWith("respawn.services.a.stop.steps[4].wait (line 11)")
                                .contains("soon"));
    }

    @Test
    void blamesTheSourceThatSaidIt() {
        // given
        Map<String, String> environment = Map.of("RESPAWN_STATE_PARTITIONS", "none");
        Map<String, String> properties = Map.of("respawn.create-topics", "maybe");

        // when
        LoadResult result =
                ConfigurationFixture.load(directory, "respawn: { state-partitions: 4 }", environment, properties);

        // then
        assertThat(words(result))
                .containsExactlyInAnyOrder(
                        "respawn.state-partitions (environment): Cannot use 'none': a whole number is expected; write"
                                + " for example 3",
                        "respawn.create-topics (system property): Cannot use 'maybe': true or false is expected; write"
                                + " one of them");
    }

    @Test
    void namesAnExpressionThatCannotBeExpandedAndGoesOn() {
        assertThat(mistakes("""
                        respawn:
                          state-directory: ${STATE}
                          services:
                            web: { command: [ x ], environment: { PASSWORD: "${hunter2" }, instances: x }
                        """))
                .containsExactlyInAnyOrder(
                        "respawn.state-directory (line 2): Cannot expand the expression in this value: 'STATE' is not"
                                + " set; set it, give a default such as ${NAME:text}, or write $${ for a literal ${",
                        "respawn.services.web.environment.PASSWORD (line 4): Cannot expand the expression in this"
                                + " value: a name in it is not set; set it, give a default such as ${NAME:text}, or"
                                + " write $${ for a literal ${",
                        "respawn.services.web.instances (line 4): Cannot use 'x': a whole number is expected; write"
                                + " for example 3");
    }

    @Test
    void neverShowsValuesOfTheEnvironmentOfServices() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      environment:
                        RESPAWN_ID: hunter2
                        NUL: "hunter2\\0"
                        "A=B": hunter2
                        LIST: [ hunter2 ]
                        TWICE: hunter2
                        TWICE: hunter2
                """;

        // when
        List<String> mistakes = mistakes(yaml);

        // then
        assertThat(mistakes)
                .hasSize(5)
                .allSatisfy(mistake -> assertThat(mistake)
                        .startsWith("respawn.services.web.environment.")
                        .doesNotContain("hunter2"));
    }

    @Test
    void refusesAFileThatIsNamedAndNotThere() {
        // given
        Path missing = directory.resolve("missing.yaml");
        LoadRequest request = new LoadRequest(Optional.of(missing), Map.of("HOSTNAME", "pod"), Map.of());

        // when
        LoadResult result = Configuration.load(request, directory.resolve("default"), directory.resolve("hostname"));

        // then
        assertThat(words(result))
                .containsExactly(missing
                        + ": Cannot read this configuration file: there is none; correct --config or RESPAWN_CONFIG");
    }

    @Test
    void refusesFilesThatAreNoText() throws IOException {
        // given
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Map<String, String> environment = Map.of("HOSTNAME", "pod");

        // when
        LoadResult ofBinary = Configuration.load(new LoadRequest(Optional.of(binary), environment, Map.of()));
        LoadResult ofDirectory = Configuration.load(new LoadRequest(Optional.of(directory), environment, Map.of()));

        // then
        assertThat(words(ofBinary)).singleElement().asString().contains("it is not UTF-8");
        assertThat(words(ofDirectory)).singleElement().asString().contains("it is a directory");
    }

    @Test
    void saysWhatToDoWhenThereIsNoHostName() {
        // given
        LoadRequest request = new LoadRequest(Optional.empty(), Map.of(), Map.of());

        // when
        LoadResult result = Configuration.load(request, directory.resolve("default"), directory.resolve("hostname"));

        // then
        assertThat(words(result))
                .containsExactly("respawn.id: Cannot tell the id of this sidecar: neither HOSTNAME nor /etc/hostname"
                        + " says the host name; set the key");
    }

    private List<String> mistakes(String yaml) {
        return words(ConfigurationFixture.load(directory, yaml, Map.of(), Map.of()));
    }

    private static List<String> words(LoadResult result) {
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return ((LoadResult.Refused) result)
                .mistakes().stream().map(Mistake::toString).toList();
    }
}
