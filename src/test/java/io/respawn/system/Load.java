package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Told.End;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A sidecar with twenty services that write, end, are ordered to restart and are killed, while it is replaced time and
 * again. What has to be true afterwards is the same on each road that it takes.
 */
final class Load implements AutoCloseable {

    /** Each line in two pieces, so that many a replacement meets half a line; a stop leaves none. */
    private static final String CHATTY = """
            trap end=1 TERM
            i=0
            while [ -z "$end" ]; do
                i=$((i+1)); printf 'line '; printf '%s\\n' $i; [ $((i%50)) = 0 ] && sleep $1
            done
            """;

    /** Ends by itself, many times in each life of the sidecar, with a code of its own. */
    static final Map<String, Integer> MORTAL = Map.of("mortal", 7, "fleeting", 9);

    /** Is killed by the test, once in each life. */
    static final String VICTIM = "victim";

    private static final List<String> FILED = List.of("filed", "filed-1", "filed-2", "filed-3");
    private static final List<String> CHATTING = List.of("chatty", "chatty-1", "chatty-2");
    private static final List<String> SILENT =
            List.of("probed", "probed-1", "probed-2", "calm", "calm-1", "calm-2", "calm-3", "calm-4");

    private static final int AT_A_TIME = 8;

    private final RunningSidecar sidecar;
    private final Topics topics;
    private final Kcat kcat;
    private final Scripts scripts;
    private final List<String> ordered = new ArrayList<>();
    private Map<String, Integer> calm = Map.of();
    private int killed;

    Load(Path folder, String id, KafkaBroker broker) throws IOException {
        scripts = new Scripts(folder, id);
        sidecar = new RunningSidecar(folder, id, services(Files.writeString(folder.resolve("chatty.sh"), CHATTY)))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                // Many at once are the point here, not how they are rationed.
                .with("RESPAWN_BUDGET_PERMITS", "1000")
                .with("RESPAWN_BUDGET_BURST", "1000");
        topics = new Topics(broker.bootstrap());
        kcat = new Kcat(broker.bootstrap(), id);
    }

    private String services(Path chatty) {
        Map<String, String> all = new LinkedHashMap<>();
        String ordered = scripts.noting();
        all.put("first", ordered);
        all.put("second", ordered);
        CHATTING.forEach(name -> all.put(name, "{ command: %s }".formatted(chatting(chatty, name))));
        FILED.forEach(name -> all.put(
                name,
                "{ command: %s, output: { console: none, file: { max-size: 100MiB } } }"
                        .formatted(chatting(chatty, name))));
        SILENT.forEach(name -> all.put(
                name,
                name.startsWith("probed")
                        ? "{ command: [ sleep, '10000' ], readiness-probe: { exec: { command: [ 'true' ] }, period: 1s } }"
                        : "{ command: [ sleep, '10000' ] }"));
        all.put(VICTIM, dying("exec sleep 10000"));
        all.put("mortal", dying("sleep 0.3; exit 7"));
        all.put("fleeting", dying("sleep 0.7; exit 9"));
        assertThat(all).hasSize(20);
        return all.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /** The first of a kind writes without a rest. */
    private static String chatting(Path chatty, String name) {
        return "[ /bin/sh, '%s', '%s' ]".formatted(chatty, name.contains("-") ? "1" : "0.05");
    }

    private static String dying(String script) {
        return "{ command: [ /bin/sh, -c, '" + script
                + "' ], restart: { backoff: { delay: 50ms, factor: 1.0 }, limit: { count: 1000, interval: 10s } } }";
    }

    RunningSidecar sidecar() {
        return sidecar;
    }

    Topics topics() {
        return topics;
    }

    /** Starts it, and remembers who must not be touched. */
    void begin() {
        sidecar.start().awaitReady();
        calm = pids();
    }

    private Map<String, Integer> pids() {
        return Stream.of(FILED, CHATTING, SILENT)
                .flatMap(List::stream)
                .collect(Collectors.toMap(Function.identity(), sidecar::pidOf));
    }

    /** Gives orders by Kafka, in turns for two services. */
    void order(String prefix) {
        List<String> ids =
                IntStream.range(0, AT_A_TIME).mapToObj(i -> prefix + "-" + i).toList();
        kcat.send(ids.stream()
                .map(id -> "{\"id\":\"%s\",\"action\":\"restart\",\"service\":\"%s\"}"
                        .formatted(id, ids.indexOf(id) % 2 == 0 ? "first" : "second"))
                .toArray(String[]::new));
        ordered.addAll(ids);
    }

    /** Kills the service that is there for it, as soon as it is there, and sees the end of it. */
    void killVictim() {
        Tagged victim = awaitVictim();
        victim.kill();
        killed++;
        await("the end of the victim")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !victim.isStillThere());
    }

    /** Waits until it is there; one that was killed comes back. */
    private Tagged awaitVictim() {
        return await("the victim")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> Tagged.of(sidecar.id()).stream()
                                .filter(each -> each.service().equals(VICTIM))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Waits until the sidecar knows it too: of one that ends before that, nobody can tell that it was there. */
    void awaitKnownVictim() {
        sidecar.awaitStatus(
                "the start of the victim",
                status -> Tagged.of(sidecar.id()).stream()
                        .filter(each -> each.service().equals(VICTIM))
                        .anyMatch(each -> each.pid() == pid(status, VICTIM)));
    }

    private static int pid(JsonNode status, String service) {
        for (JsonNode each : status.path("services")) {
            if (each.path("name").asText().equals(service)) {
                return each.at("/instances/0/pid").asInt();
            }
        }
        return 0;
    }

    /** Those who were never to be touched were not. */
    void assertCalm() {
        assertThat(calm).hasSize(15);
        assertThat(pids()).isEqualTo(calm);
    }

    /**
     * Each end of those that end by themselves was told once, with its code.
     *
     * @param unknown of how many, at most, of each service nobody can tell how they ended, as the sidecar says itself, or
     *     whether there was a process at all, since the sidecar was killed in the middle of the start
     */
    void assertEnds(int unknown) {
        Told told = Told.of(topics.events(sidecar.id()));
        assertThat(told.events()).extracting(Seen::id).doesNotHaveDuplicates();
        MORTAL.forEach((service, code) -> {
            List<End> ends = told.ends(service);
            List<Long> incarnations = ends.stream().map(End::incarnation).toList();
            assertThat(incarnations).isSorted().doesNotHaveDuplicates();
            long untold = incarnations.getLast() - ends.size();
            // The last one was stopped.
            List<End> own = ends.subList(0, ends.size() - 1);
            assertThat(untold + own.stream().filter(End::isUnknown).count()).isLessThanOrEqualTo(unknown);
            assertThat(own.stream().filter(end -> !end.isUnknown()).map(End::words))
                    .hasSizeGreaterThan(unknown)
                    .containsOnly("exit code " + code);
        });
        List<End> ofVictim = told.ends(VICTIM);
        assertThat(ofVictim).hasSize(killed);
        assertThat(ofVictim.stream().filter(End::isUnknown).count()).isLessThanOrEqualTo(unknown);
        assertThat(ofVictim.stream().filter(end -> !end.isUnknown()).map(End::words))
                .isNotEmpty()
                .containsOnly("SIGKILL");
    }

    /**
     * Each order has one outcome, and each that succeeded started a process of its own, once.
     *
     * @param unknown of how many starts, at most, nobody can tell whether they came about, as their records say
     */
    void assertOrders(int unknown) {
        Told told = Told.of(topics.awaitEvents(
                "all outcomes",
                sidecar.id(),
                all -> Told.of(all).outcomes().keySet().containsAll(ordered)));
        Map<String, List<String>> outcomes = new LinkedHashMap<>(told.outcomes());
        outcomes.keySet().retainAll(ordered);
        assertThat(outcomes.values())
                .allSatisfy(each -> assertThat(each).hasSize(1).isSubsetOf("succeeded", "coalesced"));
        Set<String> untold = Verdict.untold(Aftermath.phases(topics, sidecar.id()));
        assertThat(untold).hasSizeLessThanOrEqualTo(unknown);
        scripts.assertStarts(
                ordered.stream()
                        .filter(id -> List.of("succeeded").equals(outcomes.get(id)))
                        .toList(),
                untold);
    }

    /** Nothing ends by itself any more, so that what is looked at stays as it is. */
    void settle() {
        MORTAL.keySet().forEach(name -> sidecar.post("/api/v1/services/" + name + "/stop", "{}"));
        MORTAL.keySet()
                .forEach(name -> sidecar.awaitStatus(
                        "the end of " + name,
                        status -> sidecar.instance(name).path("state").asText().equals("stopped")));
        sidecar.awaitLive();
    }

    /** What the API says is what the recorded events, and the newest records, come to. */
    void assertFold() {
        Folded.assertSame(sidecar, topics);
    }

    /** What was written by lines to the sidecar's output, and to files, is there line by line. */
    void assertLines(boolean console) throws IOException {
        for (String name : FILED) {
            WrittenLines.assertEachOnce(sidecar.stateDirectory().resolve("logs/" + name + "-0.log"), "line ");
        }
        if (console) {
            for (String name : CHATTING) {
                WrittenLines.assertEachOnce(sidecar.log(), name + " | line ");
            }
        }
    }

    @Override
    public void close() {
        sidecar.close();
        topics.close();
    }
}
