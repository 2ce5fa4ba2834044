package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.ServiceName;
import io.respawn.model.StopPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topics that are not as they have to be, and records that this version does not know. */
class TopicSettingsIT {

    @TempDir
    static Path folder;

    static Cluster cluster;

    @BeforeAll
    static void startBroker() {
        cluster = new Cluster(folder);
    }

    @AfterAll
    static void stopBroker() {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one   | state    | cleanup.policy      | compact,delete | compact | would delete the state",
                "two   | state    | cleanup.policy      | delete         | compact | would delete the state",
                "three | commands | cleanup.policy      | compact        | delete  | only the last record",
                "four  | events   | min.insync.replicas | 2              | 1       | nothing can be written",
                "five  | dead     | max.message.bytes   | 1000           | 1048588 | could not be written"
            })
    void settingThatWouldLoseSomethingIsRefusedByNameUntilItIsCorrected(
            String id, String topic, String setting, String wrong, String right, String consequence) throws Exception {
        // given
        String name = id + "." + topic;
        String cleanup = topic.equals("state") ? "compact" : "delete";
        cluster.create(name, 1, Map.of("cleanup.policy", cleanup));
        cluster.set(name, setting, wrong);

        // when
        try (Sidecar sidecar = new Sidecar(id, cluster.settings(id, 1))) {
            sidecar.start();
            sidecar.awaitStatus(KafkaStatus.DEGRADED);
            Event.KafkaChanged refusal = sidecar.all(Event.KafkaChanged.class).getLast();
            List<Event.StateRestored> before = sidecar.all(Event.StateRestored.class);
            cluster.set(name, setting, right);

            // then
            assertThat(refusal.detail())
                    .startsWith("Cannot use topic '" + name + "': its " + setting + " is '" + wrong + "'")
                    .contains(consequence, "set " + setting + " to ");
            assertThat(before).isEmpty();
            sidecar.awaitStatus(KafkaStatus.LIVE);
            assertThat(sidecar.all(Event.StateRestored.class)).hasSize(1);
        }
    }

    @Test
    void settingThatIsChangedWhileEverythingIsWellIsNoticedAndNothingIsLost() throws Exception {
        // given
        try (Sidecar sidecar = new Sidecar("later", cluster.watchful("later")).live()) {
            // when
            cluster.set("later.state", "cleanup.policy", "delete");
            sidecar.awaitStatus(KafkaStatus.DEGRADED);
            sidecar.offer(List.of(), List.of(Sidecar.event("meanwhile")));
            cluster.set("later.state", "cleanup.policy", "compact");

            // then
            sidecar.awaitStatus(KafkaStatus.LIVE);
            sidecar.awaitCommitted(sidecar.ledger().seq());
            assertThat(sidecar.fault("kafka-refused")).isPositive();
            assertThat(cluster.eventIds("later.events", "later")).containsExactly("claimed/1", "meanwhile");
        }
    }

    @Test
    void senderWhoseClockIsWrongHasNoOrderRefusedOrDeletedBeforeItsTime() throws Exception {
        try (Sidecar sidecar = new Sidecar("clock", cluster.settings("clock", 1)).live()) {
            // given topics that we made, which take the time of the broker
            for (String topic : List.of("commands", "broadcast", "state", "events", "dead")) {
                assertThat(cluster.setting("clock." + topic, "message.timestamp.type"))
                        .as(topic)
                        .isEqualTo("LogAppendTime");
            }

            // when
            for (Duration error : List.of(Duration.ofDays(-400), Duration.ofDays(2))) {
                long time = System.currentTimeMillis() + error.toMillis();
                byte[] ping = ("{\"id\":\"by" + error + "\",\"action\":\"ping\"}").getBytes(UTF_8);
                cluster.send(new ProducerRecord<>("clock.commands", 2, time, "clock".getBytes(UTF_8), ping));
            }

            // then
            sidecar.awaitThat(
                    "both orders",
                    () -> sidecar.all(Event.CommandReceived.class).size() == 2);
            assertThat(cluster.read("clock.commands"))
                    .allMatch(order -> Math.abs(System.currentTimeMillis() - order.timestamp()) < 60_000);
        }
    }

    @Test
    void recordOfANewerVersionIsNamedAndNothingIsClaimedOverIt() throws Exception {
        // given a state that a newer version went on with
        KafkaSettings settings = cluster.settings("newer", 1);
        try (Sidecar sidecar = new Sidecar("newer", settings).live()) {
            sidecar.awaitCommitted(sidecar.offer(List.of(service("web")), List.of()));
        }
        cluster.send("newer.state", 0, "newer/service/web", "{\"schema\":2,\"name\":\"web\",\"colour\":\"red\"}");
        long end = cluster.end(new TopicPartition("newer.state", 0));

        // when
        try (Sidecar sidecar = new Sidecar("newer", settings)) {
            sidecar.start();
            sidecar.awaitStatus(KafkaStatus.DEGRADED);

            // then
            assertThat(sidecar.all(Event.KafkaChanged.class).getLast().detail())
                    .startsWith("Cannot restore the record 'newer/service/web' of topic 'newer.state'")
                    .contains("schema 2", "reads schema 1", "start a version that knows it");
            sidecar.awaitThat("another attempt", () -> sidecar.fault("kafka-refused") > 1);
            assertThat(sidecar.all(Event.StateRestored.class)).isEmpty();
            assertThat(cluster.read("newer.state"))
                    .last()
                    .extracting(last -> last.offset())
                    .isEqualTo(end - 1);

            // when somebody gives the record up
            cluster.send(new ProducerRecord<>("newer.state", 0, "newer/service/web".getBytes(UTF_8), null));

            // then
            sidecar.awaitStatus(KafkaStatus.LIVE);
            assertThat(sidecar.ledger().epoch()).isEqualTo(2);
        }
    }

    @Test
    void fieldThatThisVersionDoesNotKnowIsSkippedAndCounted() {
        // given
        KafkaSettings settings = cluster.settings("field", 1);
        try (Sidecar sidecar = new Sidecar("field", settings).live()) {
            sidecar.awaitCommitted(sidecar.offer(List.of(service("web")), List.of()));
        }
        String known = cluster.read("field.state").stream()
                .filter(entry -> new String(entry.key(), UTF_8).equals("field/service/web"))
                .map(entry -> new String(entry.value(), UTF_8))
                .findFirst()
                .orElseThrow();
        cluster.send("field.state", 0, "field/service/web", known.replaceFirst("\\{", "{\"colour\":\"red\","));

        // when
        try (Sidecar sidecar = new Sidecar("field", settings).live()) {

            // then
            assertThat(sidecar.fault("record-field-unknown")).isEqualTo(1);
            assertThat(sidecar.all(Event.StateRestored.class).getFirst().records())
                    .containsExactly(service("web"));
        }
    }

    private static StateRecord service(String name) {
        return new Service(new ServiceName(name), Service.Desired.UP, false, "", 1, StopPolicy.DEFAULT, List.of());
    }
}
