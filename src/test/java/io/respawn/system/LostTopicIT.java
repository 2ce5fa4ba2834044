package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics are deleted, cut or created anew, under a running sidecar or while it is away. */
final class LostTopicIT {

    private static final String STATE = "respawn.state";
    private static final String COMMANDS = "respawn.commands";

    @TempDir
    static Path folder;

    @AutoClose
    private static KafkaBroker broker;

    @AutoClose
    private static TopicTools tools;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start(folder.resolve("broker"));
        tools = new TopicTools(broker.bootstrap());
    }

    @Test
    void stateThatIsDeletedOrCutUnderARunningSidecarIsWrittenAgainWhole() throws Exception {
        try (RunningSidecar sidecar = sidecar("lost")) {
            // given services, one of which is stopped by hand
            sidecar.start().awaitReady();
            assertThat(sidecar.cli("stop", "other", "--wait", "--id", "stop-1").exitCode())
                    .isZero();
            int pid = sidecar.pidOf("web");

            // when
            tools.delete(STATE);
            awaitEpoch(sidecar, 2);
            List<String> afterDeletion = keys("lost");
            tools.cut(STATE);
            awaitEpoch(sidecar, 3);
            List<String> afterCut = keys("lost");

            // then
            assertThat(afterDeletion).contains("lost", "lost/service/web", "lost/service/other", "lost/intent/stop-1");
            assertThat(afterCut).containsAll(afterDeletion);
            assertThat(sidecar.fault("kafka-claimed-again")).isEqualTo(2);
            assertThat(sidecar.pidOf("web")).isEqualTo(pid);
            assertThat(sidecar.instance("other").path("state").asText()).isEqualTo("stopped");
            new Kcat(broker.bootstrap(), "lost").send(order("after", "restart"));
            try (Topics topics = new Topics(broker.bootstrap())) {
                assertThat(topics.awaitOutcome("lost", "after"))
                        .extracting(Seen::happening)
                        .containsExactly("accepted", "started", "succeeded");
            }
        }
    }

    @Test
    void ordersOfACommandTopicThatWasCreatedAnewAreCarriedOutOnceEach() throws Exception {
        Kcat kcat = new Kcat(broker.bootstrap(), "anew");
        try (RunningSidecar sidecar = sidecar("anew")) {
            // given
            sidecar.start().awaitReady();
            kcat.send(order("old-1", "restart"), order("old-2", "ping"), order("old-3", "ping"));
            awaitOutcomes("old-1", "old-2", "old-3");

            // when the topic is replaced under it, and somebody sends an old order again
            tools.delete(COMMANDS);
            awaitEpoch(sidecar, 2);
            kcat.send(order("old-1", "restart"), order("new-1", "restart"));
            awaitOutcomes("new-1");
            // and while it is away, with more orders than it had read of the one before
            sidecar.kill();
            tools.delete(COMMANDS);
            tools.create(COMMANDS, 16);
            String[] later = IntStream.range(0, 5)
                    .mapToObj(i -> order("later-" + i, "ping"))
                    .toArray(String[]::new);
            kcat.send(later);
            sidecar.start().awaitReady();

            // then
            awaitOutcomes(IntStream.range(0, 5).mapToObj(i -> "later-" + i).toArray(String[]::new));
            try (Topics topics = new Topics(broker.bootstrap())) {
                assertThat(topics.events("anew").stream()
                                .filter(Seen::isOutcome)
                                .map(event -> event.data().path("intent").asText()))
                        .containsExactlyInAnyOrder(
                                "old-1", "old-2", "old-3", "new-1", "later-0", "later-1", "later-2", "later-3",
                                "later-4");
            }
            assertThat(sidecar.fault("commands-may-be-lost")).isEqualTo(1);
            assertThat(Files.readString(sidecar.log())).contains("Topic 'respawn.commands' was created anew");
        }
    }

    @Test
    void stateThatIsGoneAfterAnAbsenceComesFromTheJournalAndWithoutOneTheSidecarBeginsAfresh() throws Exception {
        try (RunningSidecar sidecar = sidecar("gone")) {
            // given
            sidecar.start().awaitReady();
            assertThat(sidecar.cli("stop", "other", "--wait").exitCode()).isZero();
            assertThat(sidecar.cli("restart", "web", "--wait").exitCode()).isZero();
            sidecar.kill();

            // when
            tools.delete(STATE);
            sidecar.start();
            awaitEpoch(sidecar, 2);

            // then
            assertThat(keys("gone")).contains("gone", "gone/service/web", "gone/service/other");
            assertThat(sidecar.instance("web").path("incarnation").asLong()).isEqualTo(2);
            assertThat(sidecar.instance("other").path("state").asText()).isEqualTo("stopped");
            assertThat(sidecar.fault("kafka-state-lost")).isEqualTo(1);

            // when
            sidecar.terminate();
            tools.delete(STATE);
            forget(sidecar.stateDirectory());
            sidecar.start().awaitReady();

            // then
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(1);
            assertThat(sidecar.instance("web").path("incarnation").asLong()).isEqualTo(1);
            assertThat(Files.readString(sidecar.log()))
                    .containsSubsequence("no state of this sidecar any more", "this is its first start");
        }
    }

    @Test
    void servicesAndLocalOrdersGoOnWhileATopicIsSetWrongly() throws Exception {
        try (RunningSidecar sidecar = sidecar("wrong")) {
            // given
            sidecar.start().awaitReady();

            // when
            tools.set(STATE, "cleanup.policy", "compact,delete");
            sidecar.awaitStatus(
                    "the refusal",
                    status -> status.at("/sidecar/kafka").asText().equals("degraded"));
            String why = sidecar.status().at("/sidecar/kafkaDetail").asText();
            Programs.Ended restart = sidecar.cli("restart", "web", "--wait", "--id", "meanwhile");
            int readiness = sidecar.management("/q/health/ready").statusCode();
            double metric = sidecar.metric("respawn_kafka_status{status=\"degraded\"");
            tools.set(STATE, "cleanup.policy", "compact");
            sidecar.awaitReady();

            // then
            assertThat(why)
                    .isEqualTo("Cannot use topic 'respawn.state': its cleanup.policy is 'compact,delete', which would"
                            + " delete the state; set cleanup.policy to 'compact'");
            assertThat(restart.exitCode()).isZero();
            assertThat(readiness).isEqualTo(200);
            assertThat(metric).isEqualTo(1);
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(1);
            try (Topics topics = new Topics(broker.bootstrap())) {
                topics.awaitOutcome("wrong", "meanwhile");
                assertThat(topics.events("wrong")).extracting(Seen::type).contains("io.respawn.sidecar.degraded.v1");
            }
        }
    }

    private static RunningSidecar sidecar(String id) {
        return new RunningSidecar(folder, id, """
                        web: { command: %1$s }
                        other: { command: %1$s }
                        """.formatted(new Scripts(folder, id).willing()))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                .with("RESPAWN_KAFKA_HEARTBEAT", "1s");
    }

    private static String order(String id, String action) {
        String service = action.equals("ping") ? "" : ",\"service\":\"web\"";
        return "{\"id\":\"%s\",\"action\":\"%s\"%s}".formatted(id, action, service);
    }

    private static void awaitEpoch(RunningSidecar sidecar, long epoch) {
        sidecar.awaitStatus(
                "epoch " + epoch,
                status -> status.at("/sidecar/epoch").asLong() == epoch
                        && status.at("/sidecar/kafka").asText().equals("live"));
    }

    private static void awaitOutcomes(String... intents) {
        try (Topics topics = new Topics(broker.bootstrap())) {
            Stream.of(intents).forEach(intent -> topics.awaitOutcome("anew", intent));
        }
    }

    /** The keys of a sidecar that the state topic has. */
    private static List<String> keys(String id) {
        try (Topics topics = new Topics(broker.bootstrap())) {
            return topics.read(STATE).stream()
                    .map(entry -> Topics.text(entry.key()))
                    .filter(key -> key.equals(id) || key.startsWith(id + "/"))
                    .distinct()
                    .toList();
        }
    }

    private static void forget(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
