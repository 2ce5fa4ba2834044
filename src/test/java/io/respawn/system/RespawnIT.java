package io.respawn.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.system.Scripts.Start;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar becomes a new image again and again, in the middle of its work. */
final class RespawnIT {

    private static final int LIVES = Integer.getInteger("respawn.lives", 5);

    /** Each line in two pieces, so that many a respawn meets half a line. */
    private static final String CHATTY =
            "i=0; while :; do i=$((i+1)); printf 'line '; printf '%s\\n' $i; [ $((i%50)) = 0 ] && sleep 0.02; done\n";

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    static Path folder;

    @AutoClose
    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start(folder.resolve("broker"));
    }

    @Test
    @Timeout(1800)
    void respawnsUnderLoadLoseNothingAndNoServiceNotices() throws IOException {
        Scripts scripts = new Scripts(folder, "load");
        try (RunningSidecar sidecar = sidecar(scripts);
                Topics topics = new Topics(broker.bootstrap())) {
            // given
            sidecar.start().awaitReady();
            Kcat kcat = new Kcat(broker.bootstrap(), sidecar.id());
            List<Integer> calm = pids(sidecar);
            long epoch = sidecar.status().at("/sidecar/epoch").asLong();
            List<String> ordered = new ArrayList<>();
            List<Footprint> footprints = new ArrayList<>();

            // when
            for (int life = 0; life < LIVES; life++) {
                List<String> batch = ids("order-" + life, 8);
                kcat.send(restarts(batch));
                ordered.addAll(batch);
                assertThat(sidecar.cli("respawn", "--wait", "--id", "respawn-" + life)
                                .output())
                        .contains("succeeded");
                sidecar.awaitLive();
                footprints.add(Footprint.of(sidecar.pid()));
            }

            // then
            Map<String, List<String>> outcomes = outcomes(topics.awaitEvents(
                    "all outcomes", sidecar.id(), all -> outcomes(all).size() >= ordered.size() + LIVES));
            assertThat(outcomes)
                    .containsOnlyKeys(Stream.concat(ordered.stream(), ids("respawn", LIVES).stream())
                            .toList());
            assertThat(outcomes.values())
                    .allSatisfy(each -> assertThat(each).hasSize(1).isSubsetOf("succeeded", "coalesced"));
            assertThat(scripts.starts().stream().map(Start::intent).filter(intent -> !intent.equals("-")))
                    .containsExactlyInAnyOrderElementsOf(ordered.stream()
                            .filter(id -> List.of("succeeded").equals(outcomes.get(id)))
                            .toList());
            assertThat(pids(sidecar)).isEqualTo(calm);
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(epoch);

            List<Seen> events = topics.events(sidecar.id());
            assertThat(events).extracting(Seen::id).doesNotHaveDuplicates();
            assertThat(exits(events, "mortal")).hasSizeGreaterThan(2 * LIVES).containsOnly("exit code 7");
            assertThat(events)
                    .filteredOn(event -> event.type().equals("io.respawn.sidecar.resumed.v1"))
                    .hasSize(LIVES);

            sidecar.terminate();
            assertEachOnce(lines(sidecar.log(), "chatty | line "));
            assertEachOnce(lines(sidecar.stateDirectory().resolve("logs/filed-0.log"), "line "));
            Footprint early = footprints.get(1);
            assertThat(footprints.getLast().threads()).isLessThanOrEqualTo(early.threads() + 4);
            assertThat(footprints.getLast().descriptors()).isLessThanOrEqualTo(early.descriptors() + 6);
        }
    }

    /** What the process holds; a few come and go with connections. */
    private record Footprint(long threads, long descriptors) {

        static Footprint of(long pid) throws IOException {
            return new Footprint(count("/proc/" + pid + "/task"), count("/proc/" + pid + "/fd"));
        }

        private static long count(String directory) throws IOException {
            try (Stream<Path> entries = Files.list(Path.of(directory))) {
                return entries.count();
            }
        }
    }

    private static RunningSidecar sidecar(Scripts scripts) throws IOException {
        Path chatty = Files.writeString(folder.resolve("chatty.sh"), CHATTY);
        return new RunningSidecar(folder, "load", """
                        first: %1$s
                        second: %1$s
                        chatty: { command: [ /bin/sh, %2$s ] }
                        filed: { command: [ /bin/sh, %2$s ], output: { console: none, file: { max-size: 100MiB } } }
                        probed: { command: [ sleep, "10000" ], readiness-probe: { exec: { command: [ "true" ] }, period: 100ms } }
                        mortal:
                          command: [ /bin/sh, -c, "sleep 0.3; exit 7" ]
                          restart: { backoff: { delay: 50ms, factor: 1.0 }, limit: { count: 1000, interval: 60s } }
                        """.formatted(
                        "{ command: %s, stop: { signal: SIGWINCH, grace-period: 500ms } }".formatted(scripts.noting()),
                        chatty))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                // Many at once are the point here, not how they are rationed.
                .with("RESPAWN_BUDGET_PERMITS", "1000")
                .with("RESPAWN_BUDGET_BURST", "1000");
    }

    private static List<Integer> pids(RunningSidecar sidecar) {
        return Stream.of("chatty", "filed", "probed").map(sidecar::pidOf).toList();
    }

    private static List<String> ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    /** In turns for two services. */
    private static String[] restarts(List<String> ids) {
        return ids.stream()
                .map(id -> "{\"id\":\"%s\",\"action\":\"restart\",\"service\":\"%s\"}"
                        .formatted(id, ids.indexOf(id) % 2 == 0 ? "first" : "second"))
                .toArray(String[]::new);
    }

    private static Map<String, List<String>> outcomes(List<Seen> events) {
        return events.stream()
                .filter(Seen::isOutcome)
                .collect(Collectors.groupingBy(
                        event -> event.data().path("intent").asText(),
                        Collectors.mapping(Seen::happening, Collectors.toList())));
    }

    private static List<String> exits(List<Seen> events, String service) {
        return events.stream()
                .filter(event -> event.type().equals("io.respawn.service.exited.v1"))
                .filter(event -> event.data().path("service").asText().equals(service))
                .map(event -> event.data().path("exit").asText())
                .toList();
    }

    private static List<Integer> lines(Path file, String begin) throws IOException {
        try (Stream<String> all = Files.lines(file, UTF_8)) {
            return all.filter(line -> line.startsWith(begin))
                    .map(line -> Integer.valueOf(line.substring(begin.length())))
                    .toList();
        }
    }

    private static void assertEachOnce(List<Integer> numbers) {
        assertThat(numbers.size()).isGreaterThan(1000);
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
    }
}
