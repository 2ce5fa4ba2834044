package io.respawn.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the lines of services are found: in memory, in files, on the console. */
final class OutputScenariosIT {

    private static final String SERVICES = """
            both-streams: { command: [ /bin/sh, -c, 'echo to out; sleep 0.5; echo to err >&2; exec sleep 1000' ] }
            as-json: { command: [ /bin/sh, -c, 'echo "a \\"word\\""; exec sleep 1000' ], output: { console: json } }
            unheard: { command: [ /bin/sh, -c, 'echo for nobody; exec sleep 1000' ], output: { console: none } }
            twice: { command: [ /bin/sh, -c, 'echo I am $RESPAWN_INSTANCE; exec sleep 1000' ], instances: 2 }
            long-winded: { command: [ /bin/sh, -c, 'seq 3000; exec sleep 1000' ], output: { console: none } }
            kept:
              command: [ /bin/sh, -c, 'i=0; while [ $i -lt 60 ]; do seq -f "line-%04g" $((i * 50 + 1)) $((i * 50 + 50)); i=$((i + 1)); sleep 0.01; done; exec sleep 1000' ]
              output: { console: none, file: { max-size: 4KiB, max-files: 3 } }
            kept-for-a-second:
              command: [ /bin/sh, -c, 'while :; do echo tick; sleep 0.1; done' ]
              output: { console: none, file: { path: $STAGE/aged.log, max-age: 1s, max-files: 2, compress: false } }
            flood:
              command: [ /bin/sh, -c, 'yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' ]
              autostart: false
              output: { file: { max-size: 2MiB, max-files: 2 } }
            beside-the-flood: { command: [ /bin/sleep, "1000" ], restart: { backoff: { delay: 10ms } } }
            """;

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(folder, "output", SERVICES.replace("$STAGE/aged", folder + "/aged")).open();
    }

    @AfterAll
    static void nothingIsLeft() {
        stage.leave();
    }

    @Test
    void everyLineHasItsStreamAndItsTime() {
        // when
        List<JsonNode> lines = awaitLogs("both-streams", 2);

        // then
        assertThat(lines).extracting(line -> line.path("text").asText()).containsExactly("to out", "to err");
        assertThat(lines).extracting(line -> line.path("stream").asText()).containsExactly("stdout", "stderr");
        assertThat(Duration.between(time(lines.get(0)), time(lines.get(1))))
                .isBetween(Duration.ofMillis(100), Duration.ofSeconds(5));
    }

    @Test
    void theConsoleHasLinesWithAPrefixOrAsJsonOrNotAtAll() throws IOException {
        // given
        awaitLogs("both-streams", 2);
        awaitLogs("unheard", 1);
        awaitLogs("twice", 2);
        awaitLogs("as-json", 1);

        // when
        stage.awaitService(
                "as-json", "five lines on the console", seen -> console().size() == 5);
        List<String> console = console();

        // then
        assertThat(console)
                .filteredOn(line -> !line.startsWith("{"))
                .containsExactlyInAnyOrder(
                        "both-streams | to out", "both-streams ! to err", "twice/0 | I am 0", "twice/1 | I am 1");
        assertThat(console)
                .filteredOn(line -> line.startsWith("{"))
                .singleElement()
                .satisfies(line -> {
                    JsonNode json = RunningSidecar.JSON.readTree(line);
                    assertThat(json.path("service").asText()).isEqualTo("as-json");
                    assertThat(json.path("stream").asText()).isEqualTo("stdout");
                    assertThat(json.path("text").asText()).isEqualTo("a \"word\"");
                });
    }

    @Test
    void theLastThousandLinesAreRemembered() {
        // when
        List<JsonNode> lines = await(
                "long-winded",
                all -> !all.isEmpty() && all.getLast().path("text").asText().equals("3000"));

        // then
        assertThat(lines)
                .extracting(line -> line.path("text").asInt())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(2001, 3000).boxed().toList());
        assertThat(lines.getLast().path("number").asInt()).isEqualTo(3000);
        assertThat(stage.sidecar().cli("logs", "long-winded", "-n", "2").output())
                .contains("2999", "3000")
                .doesNotContain("2998");
    }

    @Test
    void filesAreReplacedAtTheirSizeCompressedAndLimitedInNumber() throws IOException {
        // given
        Path logs = stage.sidecar().stateDirectory().resolve("logs");
        Path newest = logs.resolve("kept-0.log");

        // when
        stage.awaitService(
                "kept",
                "its last line and two old files",
                seen -> last(newest).equals("line-3000")
                        && old(logs, "kept-0.log.").stream()
                                        .filter(file -> file.endsWith(".gz"))
                                        .count()
                                == 2);

        // then
        List<String> all = Stream.concat(
                        old(logs, "kept-0.log.").stream().flatMap(name -> unzipped(logs.resolve(name)).stream()),
                        Files.readAllLines(newest).stream())
                .toList();
        assertThat(all)
                .containsExactlyElementsOf(IntStream.rangeClosed(3001 - all.size(), 3000)
                        .mapToObj("line-%04d"::formatted)
                        .toList());
        assertThat(all.size()).isBetween(600, 1_500);
        assertThat(old(logs, "kept-0.log.")).hasSize(2);
    }

    @Test
    void filesAreReplacedAtTheirAge() {
        // when
        stage.awaitService(
                "kept-for-a-second",
                "an old file",
                seen -> !old(folder, "aged.log.").isEmpty());

        // then
        List<String> ticks = stage.lines(old(folder, "aged.log.").getFirst());
        assertThat(ticks).containsOnly("tick").hasSizeBetween(1, 15);
        assertThat(stage.awaitLines("aged.log", 1)).containsOnly("tick");
    }

    @Test
    void aServiceThatWritesWithoutEndHoldsUpNobodyElse() {
        // given
        stage.start("flood");
        await(
                "flood",
                lines -> !lines.isEmpty() && lines.getLast().path("number").asLong() > 10_000);

        // when
        Instant before = Instant.now();
        long incarnation = stage.kill("beside-the-flood").path("incarnation").asLong();
        stage.awaitAfter("beside-the-flood", incarnation);
        Duration replaced = Duration.between(before, Instant.now());
        JsonNode stop = stage.order("flood", "stop");

        // then
        assertThat(replaced).isLessThan(Duration.ofSeconds(3));
        assertThat(stop.path("outcome").asText()).isEqualTo("succeeded");
        // What was in the pipe is still written, and for a moment a file that was put aside is one too many.
        Path logs = stage.sidecar().stateDirectory().resolve("logs");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(old(logs, "flood-0.log.")).hasSizeLessThanOrEqualTo(2));
    }

    private static List<String> console() {
        return stage.lines("output/sidecar.log").stream()
                .filter(line -> Stream.of("to out", "to err", "I am", "for nobody", "word")
                        .anyMatch(line::contains))
                .toList();
    }

    private static List<JsonNode> awaitLogs(String service, int count) {
        return await(service, lines -> lines.size() >= count);
    }

    private static List<JsonNode> await(String service, Predicate<List<JsonNode>> wanted) {
        stage.awaitService(service, "output as wanted", seen -> wanted.test(logs(service)));
        return logs(service);
    }

    private static List<JsonNode> logs(String service) {
        try {
            return stage.sidecar()
                    .text("/api/v1/services/" + service + "/logs?lines=1000&format=json")
                    .lines()
                    .map(OutputScenariosIT::json)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot ask for the output of " + service, e);
        }
    }

    private static JsonNode json(String line) {
        try {
            return RunningSidecar.JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + line, e);
        }
    }

    private static Instant time(JsonNode line) {
        return Instant.parse(line.path("time").asText());
    }

    /** The names of files put aside, the oldest first. */
    private static List<String> old(Path directory, String prefix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted(Comparator.comparingInt(name ->
                            Integer.parseInt(name.substring(prefix.length()).replaceAll("\\D", ""))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory, e);
        }
    }

    private static String last(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.isEmpty() ? "" : lines.getLast();
        } catch (IOException notThere) {
            return "";
        }
    }

    private static List<String> unzipped(Path file) {
        try (var reader =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unzip " + file, e);
        }
    }
}
