package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.system.Scripts.Start;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar is killed in the middle of its work, and started again. */
final class CrashIT {

    private static final int LIVES = Integer.getInteger("crash.lives", 2);

    @TempDir
    static Path folder;

    @AutoClose
    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start(folder.resolve("broker"));
    }

    @Test
    void sidecarKilledAgainAndAgainCarriesOutEveryOrderOnceAndTouchesNothingElse() {
        Scripts scripts = new Scripts(folder, "crash");
        try (RunningSidecar sidecar = sidecar("crash", scripts);
                Topics topics = new Topics(broker.bootstrap());
                Sampling sampling = new Sampling(sidecar.id())) {
            // given
            sidecar.start().awaitReady();
            Kcat kcat = new Kcat(broker.bootstrap(), sidecar.id());
            int calm = sidecar.pidOf("calm");
            List<String> ordered = new ArrayList<>();

            // when it dies with orders under way, and others come while it is dead
            for (int life = 0; life < LIVES; life++) {
                List<String> underWay = ids("under-way-" + life, 8);
                List<String> queued = ids("queued-" + life, 10);
                int ended = outcomes(topics.events(sidecar.id())).size();
                kcat.send(restarts(underWay));
                topics.awaitEvents(
                        "progress", sidecar.id(), all -> outcomes(all).size() > ended);
                sidecar.kill();
                kcat.send(restarts(queued));
                sidecar.start();
                ordered.addAll(underWay);
                ordered.addAll(queued);
            }

            // then
            Map<String, List<String>> outcomes = outcomes(topics.awaitEvents(
                    "all outcomes", sidecar.id(), all -> outcomes(all).size() >= ordered.size()));
            sidecar.awaitReady();
            assertThat(outcomes.keySet()).containsExactlyInAnyOrderElementsOf(ordered);
            // Those that waited together were carried out together: one by a process of its own, the others name it.
            assertThat(outcomes.values())
                    .allSatisfy(each -> assertThat(each).hasSize(1).isSubsetOf("succeeded", "coalesced"));
            List<String> succeeded = ordered.stream()
                    .filter(id -> List.of("succeeded").equals(outcomes.get(id)))
                    .toList();
            // A death may cut off one start of each service between its note and its process.
            Set<String> untold = Verdict.untold(Aftermath.phases(topics, sidecar.id()));
            assertThat(untold).hasSizeLessThanOrEqualTo(2 * LIVES);
            scripts.assertStarts(succeeded, untold);
            assertThat(succeeded).hasSizeGreaterThanOrEqualTo(2 * LIVES);
            assertThat(topics.events(sidecar.id())).extracting(Seen::id).doesNotHaveDuplicates();
            sampling.stop();
            assertThat(sampling.samples()).isGreaterThan(20);
            assertThat(sampling.pidsOf("calm")).containsExactly(calm);
            assertThat(sampling.doubled()).isEmpty();
            assertThat(incarnations(scripts, "first")).doesNotHaveDuplicates().isSorted();
            assertThat(incarnations(scripts, "second")).doesNotHaveDuplicates().isSorted();
        }
    }

    @Test
    void sidecarKilledWithNothingToDoFindsItsServicesAsTheyWere() {
        Scripts scripts = new Scripts(folder, "quiet");
        try (RunningSidecar sidecar = sidecar("quiet", scripts);
                Topics topics = new Topics(broker.bootstrap())) {
            // given
            sidecar.start().awaitReady();
            Set<Integer> before =
                    Stream.of("first", "second", "calm").map(sidecar::pidOf).collect(Collectors.toSet());
            long epoch = sidecar.status().at("/sidecar/epoch").asLong();

            // when
            sidecar.kill();
            Set<Integer> alone = mains(sidecar);
            sidecar.start().awaitReady();

            // then
            assertThat(alone).isEqualTo(before);
            assertThat(mains(sidecar)).isEqualTo(before);
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(epoch + 1);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(topics.events(sidecar.id()))
                            .filteredOn(event -> event.type().equals("io.respawn.sidecar.started.v1"))
                            .extracting(event -> event.data().path("detail").asText())
                            .containsExactly("0 processes found running", "3 processes found running"));
        }
    }

    private static RunningSidecar sidecar(String id, Scripts scripts) {
        return new RunningSidecar(folder, id, """
                        first: %1$s
                        second: %1$s
                        calm: %1$s
                        """.formatted(scripts.noting()))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                // Many orders at once are the point here, not how they are rationed.
                .with("RESPAWN_BUDGET_PERMITS", "1000")
                .with("RESPAWN_BUDGET_BURST", "1000");
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
        return Told.of(events).outcomes();
    }

    private static List<Long> incarnations(Scripts scripts, String service) {
        return scripts.starts().stream()
                .filter(start -> start.service().equals(service))
                .map(Start::incarnation)
                .toList();
    }

    private static Set<Integer> mains(RunningSidecar sidecar) {
        return Tagged.of(sidecar.id()).stream()
                .filter(Tagged::sessionLeader)
                .map(Tagged::pid)
                .collect(Collectors.toSet());
    }
}
