package io.respawn.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.system.Scripts.Start;
import io.respawn.system.Topics.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What goes on while a sidecar loads itself anew, and what must have come of it. */
final class DevLoad {

    /** Each line in two pieces, so that many a respawn meets half a line. */
    private static final String CHATTY =
            "i=0; while :; do i=$((i+1)); printf 'line '; printf '%s\\n' $i; [ $((i%50)) = 0 ] && sleep 0.02; done\n";

    private DevLoad() {}

    /** Two that are restarted by order, some that are left alone, and one that ends with code 7 again and again. */
    static String services(Path folder, Scripts scripts) throws IOException {
        Path chatty = Files.writeString(folder.resolve("chatty.sh"), CHATTY);
        return """
                first: %1$s
                second: %1$s
                chatty: { command: [ /bin/sh, %2$s ] }
                filed: { command: [ /bin/sh, %2$s ], output: { console: none, file: { max-size: 100MiB } } }
                probed: { command: [ sleep, "10000" ], readiness-probe: { exec: { command: [ "true" ] }, period: 100ms } }
                mortal:
                  command: [ /bin/sh, -c, "sleep 0.3; exit 7" ]
                  restart: { backoff: { delay: 50ms, factor: 1.0 }, limit: { count: 1000, interval: 60s } }
                """.formatted(scripts.noting(), chatty);
    }

    /** Of those that are left alone. */
    static List<Integer> pids(RunningSidecar sidecar) {
        return Stream.of("chatty", "filed", "probed").map(sidecar::pidOf).toList();
    }

    static List<String> ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    /** In turns for two services. */
    static String[] restarts(List<String> ids) {
        return ids.stream()
                .map(id -> "{\"id\":\"%s\",\"action\":\"restart\",\"service\":\"%s\"}"
                        .formatted(id, ids.indexOf(id) % 2 == 0 ? "first" : "second"))
                .toArray(String[]::new);
    }

    /** Each has one outcome, and was the reason of one start exactly if it succeeded; {@code others} have one, too. */
    static void assertEachOrderOnce(
            RunningSidecar sidecar, Topics topics, Scripts scripts, List<String> restarts, List<String> others) {
        Map<String, List<String>> outcomes = outcomes(topics.awaitEvents(
                "all outcomes", sidecar.id(), all -> outcomes(all).size() >= restarts.size() + others.size()));
        assertThat(outcomes)
                .containsOnlyKeys(
                        Stream.concat(restarts.stream(), others.stream()).toList());
        assertThat(outcomes.values())
                .allSatisfy(each -> assertThat(each).hasSize(1).isSubsetOf("succeeded", "coalesced"));
        assertThat(scripts.starts().stream().map(Start::intent).filter(intent -> !intent.equals("-")))
                .containsExactlyInAnyOrderElementsOf(restarts.stream()
                        .filter(id -> List.of("succeeded").equals(outcomes.get(id)))
                        .toList());
    }

    private static Map<String, List<String>> outcomes(List<Seen> events) {
        return events.stream()
                .filter(Seen::isOutcome)
                .collect(Collectors.groupingBy(
                        event -> event.data().path("intent").asText(),
                        Collectors.mapping(Seen::happening, Collectors.toList())));
    }

    static List<String> exits(List<Seen> events, String service) {
        return exited(events, service)
                .map(event -> event.data().path("exit").asText())
                .toList();
    }

    private static Stream<Seen> exited(List<Seen> events, String service) {
        return events.stream()
                .filter(event -> event.type().equals("io.respawn.service.exited.v1"))
                .filter(event -> event.data().path("service").asText().equals(service));
    }

    /** The numbers behind the first words of each line that has them; somebody else may write to the same file. */
    static List<Integer> lines(Path file, String begin) throws IOException {
        Pattern line = Pattern.compile("\\Q" + begin + "\\E(\\d+)$");
        List<Integer> numbers = new ArrayList<>();
        try (Stream<String> all = Files.lines(file, UTF_8)) {
            all.map(line::matcher).filter(Matcher::find).forEach(found -> numbers.add(Integer.valueOf(found.group(1))));
        }
        return numbers;
    }

    static void assertEachOnce(List<Integer> numbers) {
        assertThat(numbers.size()).isGreaterThan(1000);
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
    }

    /** What the process holds; a few come and go with connections. */
    record Footprint(long threads, long descriptors) {

        static Footprint of(long pid) throws IOException {
            return new Footprint(count("/proc/" + pid + "/task"), count("/proc/" + pid + "/fd"));
        }

        private static long count(String directory) throws IOException {
            try (Stream<Path> entries = Files.list(Path.of(directory))) {
                return entries.count();
            }
        }
    }
}
