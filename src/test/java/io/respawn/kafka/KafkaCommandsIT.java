package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaCommandsIT {

    private static final String COMMANDS = "respawn.commands";
    private static final String BROADCAST = "respawn.commands.broadcast";

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

    @Test
    void commandsArriveWhateverPartitionerTheirSenderUsed() {
        try (Sidecar sidecar = new Sidecar("any", cluster.settings()).live()) {
            // given Java's own partition, and every other one
            int own = StateKeys.partition(new io.respawn.model.SidecarId("any"), 16);

            // when
            cluster.send(COMMANDS, null, "any", ping("murmur2"));
            cluster.send(COMMANDS, (own + 5) % 16, "any", ping("crc32"));
            cluster.send(COMMANDS, 3, null, "{\"id\":\"no-key\",\"sidecar\":\"any\",\"action\":\"ping\"}");
            cluster.send(COMMANDS, 3, "somebody-else", ping("foreign"));
            cluster.send(BROADCAST, 0, null, "{\"id\":\"all\",\"selector\":{\"app\":\"shop\"},\"action\":\"ping\"}");
            sidecar.awaitThat("four commands", () -> received(sidecar).size() >= 4);
            sidecar.awaitThat("acknowledgement", () -> sidecar.outlet.underWay() == 0);
            sidecar.awaitThat(
                    "the foreign one's passage",
                    () -> sidecar.has(
                            Event.CommandPassedBy.class,
                            passed -> passed.position().partitionName().equals(COMMANDS + "-3")));

            // then
            assertThat(received(sidecar)).containsExactlyInAnyOrder("murmur2", "crc32", "no-key", "all");
        }
    }

    @Test
    void commandsSentWhileTheSidecarIsAwayArriveOnce() {
        // given
        try (Sidecar sidecar = new Sidecar("away", cluster.settings()).live()) {
            cluster.send(COMMANDS, null, "away", ping("before"));
            sidecar.awaitThat("the first", () -> received(sidecar).contains("before"));
            sidecar.awaitCommitted(sidecar.ledger().seq());
        }
        cluster.send(COMMANDS, null, "away", ping("meanwhile-1"));
        cluster.send(COMMANDS, 1, "away", ping("meanwhile-2"));

        // when
        try (Sidecar sidecar = new Sidecar("away", cluster.settings()).live()) {
            sidecar.awaitThat("the others", () -> received(sidecar).size() >= 2);
            cluster.send(COMMANDS, null, "away", ping("after"));
            sidecar.awaitThat("the last", () -> received(sidecar).contains("after"));

            // then
            assertThat(received(sidecar)).containsExactlyInAnyOrder("meanwhile-1", "meanwhile-2", "after");
        }
    }

    @Test
    void unreadableCommandGoesToTheDeadLettersUntouched() {
        try (Sidecar sidecar = new Sidecar("letters", cluster.settings()).live()) {
            // given
            byte[] value = {'{', (byte) 0xff, 0, 1, 2};
            ProducerRecord<byte[], byte[]> broken = new ProducerRecord<>(COMMANDS, 7, "letters".getBytes(UTF_8), value);
            broken.headers().add("trace", new byte[] {9, (byte) 0x80}).add("trace", new byte[] {1});

            // when
            cluster.send(broken);
            sidecar.awaitThat("the letter", () -> sidecar.has(Event.CommandUnreadable.class, any -> true));
            sidecar.awaitCommitted(sidecar.ledger().seq());

            // then
            List<ConsumerRecord<byte[], byte[]>> letters = cluster.read("respawn.dead-letters").stream()
                    .filter(letter -> new String(letter.key(), UTF_8).equals("letters"))
                    .toList();
            assertThat(letters).hasSize(1);
            ConsumerRecord<byte[], byte[]> letter = letters.getFirst();
            assertThat(letter.value()).isEqualTo(value);
            assertThat(letter.headers().headers("trace"))
                    .extracting(header -> header.value().length)
                    .containsExactly(2, 1);
            assertThat(header(letter, "topic")).isEqualTo(COMMANDS);
            assertThat(header(letter, "partition")).isEqualTo("7");
            assertThat(header(letter, "offset")).matches("\\d+");
            assertThat(header(letter, "reason")).startsWith("Cannot");
        }
    }

    @Test
    void commandThatAsksForSomethingImpossibleIsRefused() {
        try (Sidecar sidecar = new Sidecar("refuser", cluster.settings()).live()) {
            // when
            cluster.send(COMMANDS, null, "refuser", "{\"id\":\"odd\",\"action\":\"explode\"}");
            sidecar.awaitThat("the refusal", () -> sidecar.has(Event.CommandRefused.class, any -> true));

            // then
            Event.CommandRefused refused =
                    sidecar.all(Event.CommandRefused.class).getFirst();
            assertThat(refused.id().value()).isEqualTo("odd");
            assertThat(refused.reason()).startsWith("Cannot");
        }
    }

    @Test
    void readingPausesWhileNobodyAsksAndWritingGoesOn() {
        // given polls of 50, at most 20 under way, and nobody who asks
        Map<String, Object> client = new HashMap<>(cluster.client());
        client.put("max.poll.records", "50");
        int count = 300;
        try (Sidecar sidecar = new Sidecar("busy", KafkaSettings.of(client), "boot-1", 20)) {
            sidecar.start();
            sidecar.awaitStatus(io.respawn.core.KafkaStatus.LIVE);

            // when
            IntStream.range(0, count).forEach(i -> cluster.send(COMMANDS, 4, "busy", ping("c" + i)));
            sidecar.awaitThat("the pause", () -> sidecar.fault("kafka-commands-paused") > 0);
            int held = sidecar.outlet.underWay();
            for (int i = 0; i < 20; i++) {
                sidecar.awaitCommitted(sidecar.offer(List.of(), List.of(Sidecar.event("meanwhile-" + i))));
            }

            // then nothing more is read, until somebody asks: then everything comes, in order
            assertThat(held).isBetween(20, 70);
            assertThat(sidecar.outlet.underWay()).isEqualTo(held);
            sidecar.takeCommands();
            sidecar.awaitThat("all commands", () -> received(sidecar).size() == count);
            assertThat(received(sidecar))
                    .containsExactlyElementsOf(
                            IntStream.range(0, count).mapToObj(i -> "c" + i).toList());
            sidecar.awaitThat("acknowledgement", () -> sidecar.outlet.underWay() == 0);
        }
    }

    @Test
    void commandsThatTheTopicNoLongerHasAreReportedAndReadingGoesOn() throws Exception {
        // given a sidecar that was away while commands were deleted
        KafkaSettings settings = cluster.settings("cut", 1);
        new Sidecar("late", settings).live().close();
        IntStream.range(0, 5).forEach(i -> cluster.send("cut.commands", 2, "late", ping("lost-" + i)));
        try (Admin admin = Admin.create(cluster.client())) {
            admin.deleteRecords(Map.of(new TopicPartition("cut.commands", 2), RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get();
        }

        // when
        try (Sidecar sidecar = new Sidecar("late", settings).live()) {
            sidecar.awaitThat("the rest", () -> received(sidecar).size() >= 2);

            // then
            assertThat(sidecar.fault("commands-may-be-lost")).isEqualTo(1);
            assertThat(received(sidecar)).containsExactly("lost-3", "lost-4");
        }
    }

    @Test
    void positionBeyondTheEndOfATopicIsReportedAndReadingGoesOnAtTheEnd() {
        // given a topic that has lost its end, as it may when a broker's machine dies
        KafkaSettings settings = cluster.settings("short", 1);
        try (Sidecar sidecar = new Sidecar("shortened", settings).live()) {
            cluster.send("short.commands", 2, "shortened", ping("one"));
            sidecar.awaitThat("the first", () -> received(sidecar).contains("one"));
            sidecar.awaitCommitted(sidecar.ledger().seq());
        }
        ConsumerRecord<byte[], byte[]> ledger = cluster.read("short.state").getLast();
        String further =
                new String(ledger.value(), UTF_8).replace("\"short.commands-2\":1", "\"short.commands-2\":100");
        cluster.send("short.state", 0, "shortened", further);

        // when
        try (Sidecar sidecar = new Sidecar("shortened", settings).live()) {
            cluster.send("short.commands", 2, "shortened", ping("two"));
            sidecar.awaitThat("the second", () -> received(sidecar).contains("two"));

            // then
            assertThat(received(sidecar)).containsExactly("two");
            assertThat(sidecar.fault("commands-may-be-lost")).isEqualTo(1);
        }
    }

    @Test
    void topicThatIsCreatedAnewUnderASessionIsReadFromItsBeginning() throws Exception {
        // given
        KafkaSettings settings = cluster.settings("fresh", 1);
        try (Sidecar sidecar = new Sidecar("reader", settings).live();
                Admin admin = Admin.create(cluster.client())) {
            IntStream.range(0, 3).forEach(i -> cluster.send("fresh.commands", 2, "reader", ping("old-" + i)));
            sidecar.awaitThat("the old ones", () -> received(sidecar).size() == 3);
            sidecar.awaitCommitted(sidecar.ledger().seq());

            // when
            admin.deleteTopics(List.of("fresh.commands")).all().get();
            cluster.create("fresh.commands", 4, Map.of());
            cluster.send("fresh.commands", 2, "reader", ping("new-0"));
            cluster.send("fresh.commands", 2, "reader", ping("new-1"));

            // then
            sidecar.awaitThat("the new ones", () -> received(sidecar).size() == 5);
            assertThat(received(sidecar)).endsWith("new-0", "new-1");
            assertThat(sidecar.fault("kafka-topics-changed")).isPositive();
            assertThat(sidecar.ledger().positions()).containsEntry("fresh.commands-2", 2L);
        }
    }

    @Test
    void commandsInAPartitionThatWasAddedWhileAwayArrive() throws Exception {
        // given
        KafkaSettings settings = cluster.settings("grown", 1);
        cluster.create("grown.commands", 2, Map.of());
        new Sidecar("grower", settings).live().close();
        try (Admin admin = Admin.create(cluster.client())) {
            admin.createPartitions(Map.of("grown.commands", NewPartitions.increaseTo(3)))
                    .all()
                    .get();
        }
        cluster.send("grown.commands", 2, "grower", ping("new-partition"));

        // when
        try (Sidecar sidecar = new Sidecar("grower", settings).live()) {

            // then
            sidecar.awaitThat("it", () -> received(sidecar).contains("new-partition"));
        }
    }

    private static List<String> received(Sidecar sidecar) {
        return sidecar.all(Event.CommandReceived.class).stream()
                .map(received -> received.command().id().value())
                .toList();
    }

    private static String ping(String id) {
        return "{\"id\":\"" + id + "\",\"action\":\"ping\"}";
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(
                letter.headers().lastHeader("respawn-dead-letter-" + name).value(), UTF_8);
    }
}
