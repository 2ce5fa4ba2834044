package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody else's client orders on the command topic. */
final class OrdersByKafkaIT {

    private static final String ID = "orders";

    @TempDir
    static Path folder;

    @AutoClose
    private static KafkaBroker broker;

    @AutoClose
    private static RunningSidecar sidecar;

    @AutoClose
    private static Topics topics;

    private static Kcat kcat;

    @BeforeAll
    static void startEverything() {
        broker = KafkaBroker.start(folder.resolve("broker"));
        sidecar = new RunningSidecar(folder, ID, """
                        web: { command: %1$s }
                        other: { command: %1$s }
                        """.formatted(new Scripts(folder, ID).willing()))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                .start()
                .awaitReady();
        topics = new Topics(broker.bootstrap());
        kcat = new Kcat(broker.bootstrap(), ID);
    }

    @Test
    void restartReplacesTheProcessAndTellsSo() {
        // given
        JsonNode before = sidecar.instance("web");
        long old = before.path("incarnation").asLong();

        // when
        kcat.send("{\"id\":\"restart-1\",\"action\":\"restart\",\"service\":\"web\",\"requestedBy\":\"somebody\"}");

        // then
        List<Seen> events = topics.awaitOutcome(ID, "restart-1");
        assertThat(events).extracting(Seen::happening).containsExactly("accepted", "started", "succeeded");
        assertThat(events).extracting(Seen::subject).containsOnly(ID + "/web");
        Seen outcome = events.getLast();
        assertThat(outcome.data().path("incarnationBefore").asLong()).isEqualTo(old);
        assertThat(outcome.data().path("incarnationAfter").asLong()).isEqualTo(old + 1);
        assertThat(outcome.data().path("requestedBy").asText()).isEqualTo("somebody");
        int pid = sidecar.pidOf("web");
        assertThat(pid).isNotEqualTo(before.path("pid").asInt());
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode recorded = topics.newestState(ID + "/service/web").at("/instances/0");
            assertThat(recorded.path("incarnation").asLong()).isEqualTo(old + 1);
            assertThat(recorded.path("intent").asText()).isEqualTo("restart-1");
            assertThat(recorded.at("/state/process/pid").asInt()).isEqualTo(pid);
        });
    }

    @Test
    void stopKeepsAServiceDownUntilStartBringsItBack() {
        // when
        kcat.send("{\"id\":\"stop-1\",\"action\":\"stop\",\"service\":\"other\"}");
        List<Seen> stopped = topics.awaitOutcome(ID, "stop-1");
        String state = sidecar.instance("other").path("state").asText();
        List<Tagged> left = processesOf("other");
        kcat.send("{\"id\":\"start-1\",\"action\":\"start\",\"service\":\"other\"}");
        List<Seen> started = topics.awaitOutcome(ID, "start-1");

        // then
        assertThat(stopped.getLast().happening()).isEqualTo("succeeded");
        assertThat(state).isEqualTo("stopped");
        assertThat(left).isEmpty();
        assertThat(started.getLast().happening()).isEqualTo("succeeded");
        assertThat(processesOf("other")).extracting(Tagged::pid).containsExactly(sidecar.pidOf("other"));
    }

    @Test
    void pingIsAnswered() {
        // when
        kcat.send("{\"id\":\"ping-1\",\"action\":\"ping\"}");

        // then
        assertThat(topics.awaitOutcome(ID, "ping-1"))
                .extracting(Seen::happening)
                .containsExactly("accepted", "started", "succeeded");
    }

    @Test
    void cloudEventInBinaryModeIsACommand() {
        // given
        long old = sidecar.instance("web").path("incarnation").asLong();

        // when
        kcat.sendWithHeaders(
                List.of(
                        "ce_specversion=1.0",
                        "ce_id=cloud-1",
                        "ce_source=/pipeline",
                        "ce_type=io.respawn.command.restart.v1",
                        "ce_subject=" + ID + "/web",
                        "content-type=application/json"),
                "{\"reason\":\"new certificate\"}");

        // then
        List<Seen> events = topics.awaitOutcome(ID, "cloud-1");
        assertThat(events).extracting(Seen::happening).containsExactly("accepted", "started", "succeeded");
        assertThat(events.getLast().data().path("reason").asText()).isEqualTo("new certificate");
        assertThat(events.getLast().data().path("incarnationAfter").asLong()).isGreaterThan(old);
    }

    @Test
    void whatCannotBeDoneIsRejectedWithTheReason() {
        // when
        kcat.send(
                "{\"id\":\"odd-1\",\"action\":\"explode\",\"service\":\"web\"}",
                "{\"id\":\"odd-2\",\"action\":\"restart\",\"service\":\"nobody\"}");

        // then
        assertThat(topics.awaitOutcome(ID, "odd-1")).singleElement().satisfies(event -> {
            assertThat(event.happening()).isEqualTo("rejected");
            assertThat(event.data().path("detail").asText())
                    .startsWith("Cannot")
                    .contains("explode");
        });
        assertThat(topics.awaitOutcome(ID, "odd-2")).singleElement().satisfies(event -> {
            assertThat(event.happening()).isEqualTo("rejected");
            assertThat(event.data().path("detail").asText())
                    .isEqualTo("Cannot restart 'nobody': no such service; declared are [other, web]");
        });
    }

    @Test
    void brokenMessageLandsInTheDeadLettersUntouched() {
        // when
        kcat.sendWithHeaders(List.of("trace=abc"), "{\"action\":");
        kcat.send("{\"id\":\"ping-after\",\"action\":\"ping\"}");
        topics.awaitOutcome(ID, "ping-after");

        // then
        ConsumerRecord<byte[], byte[]> letter = await().atMost(Duration.ofSeconds(10))
                .until(() -> topics.read("respawn.dead-letters"), letters -> !letters.isEmpty())
                .getFirst();
        assertThat(Topics.text(letter.key())).isEqualTo(ID);
        assertThat(Topics.text(letter.value())).isEqualTo("{\"action\":");
        assertThat(Topics.header(letter, "trace")).isEqualTo("abc");
        assertThat(Topics.header(letter, "respawn-dead-letter-reason")).startsWith("Cannot");
        assertThat(Topics.header(letter, "respawn-dead-letter-topic")).isEqualTo("respawn.commands");
    }

    private static List<Tagged> processesOf(String service) {
        return Tagged.of(ID).stream()
                .filter(process -> process.service().equals(service))
                .toList();
    }
}
