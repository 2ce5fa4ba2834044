package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Scripts.Start;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who owns the state: one sidecar that the brokers gave up by mistake, or two with the same id. */
final class FencingIT {

    /** A new container: processes have other numbers there, and end with its first one. */
    private static final List<String> ANOTHER_HOST = List.of("unshare", "-pf", "--kill-child", "--mount-proc");

    @TempDir
    static Path folder;

    @AutoClose
    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start(folder.resolve("broker"));
    }

    @Test
    void sidecarThatStoodStillUntilItsTransactionWasAbortedGoesOnUnderItsClaim() throws Exception {
        try (RunningSidecar sidecar = sidecar(folder, "still")
                        .with("RESPAWN_KAFKA_HEARTBEAT", "5m")
                        .with("KAFKA_TRANSACTION_TIMEOUT_MS", "2000");
                TopicTools tools = new TopicTools(broker.bootstrap());
                Topics topics = new Topics(broker.bootstrap())) {
            // given a transaction whose records are under way while nobody answers
            sidecar.start().awaitReady();
            sidecar.awaitStatus(
                    "nothing under way",
                    status -> status.at("/sidecar/unacknowledged").asLong() == 0);
            broker.pause();
            Stage.kill(sidecar.pidOf("web"));
            sidecar.awaitStatus(
                    "a transaction without an answer",
                    status -> status.at("/sidecar/kafka").asText().equals("degraded"));

            // when the sidecar stands still, and the broker gives the transaction up
            sidecar.signal("STOP");
            broker.resume();
            tools.awaitTransaction("respawn-still", TransactionState.COMPLETE_ABORT);
            sidecar.signal("CONT");

            // then
            sidecar.awaitReady();
            List<Seen> events = topics.awaitEvents(
                    "the second start of web",
                    "still",
                    all -> all.stream()
                                    .filter(event -> event.happening().equals("ready"))
                                    .count()
                            == 2);
            assertThat(events).extracting(Seen::id).doesNotHaveDuplicates();
            assertThat(sidecar.fault("kafka-producer-lost")).isPositive();
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(1);
        }
    }

    @Test
    void ofTwoSidecarsWithOneIdTheYoungerOneActsAndTheOlderOneKeepsItsProcesses() throws Exception {
        Scripts scripts = new Scripts(folder, "twin");
        try (RunningSidecar older = sidecar(folder.resolve("older"), "twin", scripts);
                RunningSidecar younger =
                        sidecar(folder.resolve("younger"), "twin", scripts).through(ANOTHER_HOST);
                Topics topics = new Topics(broker.bootstrap())) {
            // given
            older.start().awaitReady();
            int pid = older.pidOf("web");

            // when
            younger.start().awaitReady();
            older.awaitStatus(
                    "the fence of an idle sidecar",
                    status -> status.at("/sidecar/kafka").asText().equals("fenced"));
            new Kcat(broker.bootstrap(), "twin").send("{\"id\":\"r\",\"action\":\"restart\",\"service\":\"web\"}");

            // then one of them carries the order out
            assertThat(topics.awaitOutcome("twin", "r"))
                    .extracting(Seen::happening)
                    .containsExactly("accepted", "started", "succeeded");
            assertThat(scripts.starts())
                    .extracting(Start::intent)
                    .filteredOn("r"::equals)
                    .hasSize(1);
            assertThat(younger.instance("web").path("incarnation").asLong()).isGreaterThan(1);
            assertThat(older.pidOf("web")).isEqualTo(pid);

            // and the other one says how it stands, refuses, and looks after its processes
            JsonNode status = older.status().path("sidecar");
            // The older one may look whether the state is its own still just before the younger one's claim is there,
            // and
            // take the producer back once more: then the claim is made again.
            long epoch = younger.status().at("/sidecar/epoch").asLong();
            assertThat(epoch).isGreaterThanOrEqualTo(2);
            assertThat(status.path("kafkaDetail").asText())
                    .contains(
                            "another sidecar with the same id owns the state", "its epoch is " + epoch + ", ours is 1");
            assertThat(older.management("/q/health/ready").statusCode()).isEqualTo(503);
            assertThat(older.management("/q/health/live").statusCode()).isEqualTo(200);
            assertThat(older.metric("respawn_kafka_status{status=\"fenced\"")).isEqualTo(1);
            assertThat(older.cli("restart", "web", "--wait").output()).contains("Cannot take orders");
            Stage.kill(pid);
            await("the replacement of web")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> older.isReady("web") && older.pidOf("web") != pid);
            assertThat(Files.readString(older.log()))
                    .contains("sidecar fenced detail=\"another sidecar with the same id");
            assertThat(topics.events("twin").stream()
                            .map(Seen::id)
                            .filter(id -> id.matches("twin/[12]/.*"))
                            .map(id -> id.substring(0, 6)))
                    .isSorted();
        }
    }

    @Test
    void whatAnotherHostHadBegunEndsAsTakenOverAndIsNotDoneAgain() {
        Scripts scripts = new Scripts(folder, "moved");
        try (RunningSidecar here = moved(folder.resolve("here"), scripts);
                RunningSidecar there = moved(folder.resolve("there"), scripts).through(ANOTHER_HOST);
                Topics topics = new Topics(broker.bootstrap())) {
            // given a restart that is under way when its host is gone
            here.start().awaitReady();
            new Kcat(broker.bootstrap(), "moved")
                    .send("{\"id\":\"r\",\"action\":\"restart\",\"service\":\"stubborn\"}");
            topics.awaitEvents(
                    "the start of the order",
                    "moved",
                    all -> all.stream()
                            .anyMatch(event ->
                                    event.isAbout("r") && event.happening().equals("started")));
            here.kill();

            // when
            there.start().awaitReady();

            // then
            List<Seen> life = topics.awaitOutcome("moved", "r");
            assertThat(life).extracting(Seen::happening).containsExactly("accepted", "started", "succeeded");
            assertThat(life.getLast().data().path("detail").asText()).startsWith("takeover");
            assertThat(there.instance("stubborn").path("incarnation").asLong()).isGreaterThan(1);
            assertThat(scripts.starts()).extracting(Start::intent).doesNotContain("r");
            assertThat(there.status().at("/sidecar/epoch").asLong()).isEqualTo(2);
        }
    }

    private static RunningSidecar sidecar(Path parent, String id) {
        return sidecar(parent, id, new Scripts(folder, id));
    }

    private static RunningSidecar sidecar(Path parent, String id, Scripts scripts) {
        return new RunningSidecar(
                        parent,
                        id,
                        "web: { command: %s, restart: { backoff: { delay: 100ms } } }".formatted(scripts.willing()))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                .with("RESPAWN_KAFKA_HEARTBEAT", "1s");
    }

    private static RunningSidecar moved(Path parent, Scripts scripts) {
        return new RunningSidecar(
                        parent,
                        "moved",
                        "stubborn: { command: %s, stop: { grace-period: 1m } }".formatted(scripts.stubborn()))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap());
    }
}
