package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.ServiceName;
import io.respawn.model.StopPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaClaimIT {

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
    void firstClaimCreatesTheTopicsAndStoresTheEndsOfTheCommands() throws Exception {
        // given a topic with three commands, and no other
        cluster.create("first.commands", 4, Map.of());
        IntStream.range(0, 3).forEach(i -> cluster.send("first.commands", 2, "first", "{}"));

        // when
        try (Sidecar sidecar = new Sidecar("first", cluster.settings("first", 4)).live()) {

            // then
            assertThat(sidecar.statuses())
                    .startsWith(KafkaStatus.CONNECTING, KafkaStatus.RESTORING)
                    .endsWith(KafkaStatus.LIVE);
            Event.StateRestored restored =
                    sidecar.all(Event.StateRestored.class).getFirst();
            assertThat(restored.epoch()).isEqualTo(1);
            assertThat(restored.theirs()).isEmpty();
            assertThat(restored.topics().first())
                    .containsOnly(
                            Map.entry("first.commands-0", 0L),
                            Map.entry("first.commands-1", 0L),
                            Map.entry("first.commands-2", 3L),
                            Map.entry("first.commands-3", 0L),
                            Map.entry("first.broadcast-0", 0L));
            assertThat(sidecar.all(Event.CommandReceived.class)).isEmpty();
            assertThat(cluster.read("first.state"))
                    .extracting(record -> new String(record.key(), UTF_8))
                    .containsExactly("first");
            assertThat(cluster.eventIds("first.events", "first")).containsExactly("claimed/1");
        }
    }

    @Test
    void stateThatTheLoopFailsAtIsReadAndAskedAboutAgain() {
        // given
        try (Sidecar sidecar = new Sidecar("deaf", cluster.settings()).failing(1)) {
            // when
            sidecar.live();

            // then
            assertThat(sidecar.all(Event.StateRestored.class))
                    .extracting(Event.StateRestored::epoch)
                    .containsExactly(1L, 2L);
            assertThat(sidecar.fault("kafka-claim-unanswered")).isEqualTo(1);
            assertThat(cluster.eventIds("respawn.events", "deaf")).containsExactly("claimed/2");
        }
    }

    @Test
    void batchesAreCommittedInOrderAndTheLastRecordOfAKeyWins() {
        try (Sidecar sidecar = new Sidecar("orderly", cluster.settings()).live()) {
            // given
            int count = 2_000;

            // when
            IntStream.rangeClosed(1, count)
                    .forEach(i -> sidecar.offer(List.of(service("web", i)), List.of(Sidecar.event("e" + i))));
            sidecar.awaitCommitted(sidecar.ledger().seq());

            // then
            assertThat(cluster.eventIds("respawn.events", "orderly").stream().skip(1))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, count)
                            .mapToObj(i -> "e" + i)
                            .toList());
            assertThat(sidecar.all(Event.BatchesCommitted.class))
                    .extracting(Event.BatchesCommitted::seq)
                    .isSorted()
                    .hasSizeLessThan(count);
        }
    }

    @Test
    void aCommitTakesMillisecondsThoughAPollIsWaiting() {
        try (Sidecar sidecar = new Sidecar("quick", cluster.settings()).live()) {
            // given an idle session whose poll has begun
            sidecar.awaitCommitted(sidecar.offer(List.of(), List.of()));
            long begun = System.nanoTime();

            // when
            for (int i = 0; i < 50; i++) {
                sidecar.awaitCommitted(sidecar.offer(List.of(service("web", i)), List.of()));
            }

            // then a lost wake-up would cost a whole tick each
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void restartRestoresExactlyWhatWasWrittenAndRaisesTheEpoch() {
        // given
        KafkaSettings settings = cluster.settings();
        List<StateRecord> records = List.of(service("web", 7), service("worker", 3));
        Ledger written;
        try (Sidecar sidecar = new Sidecar("again", settings).live()) {
            sidecar.offer(List.of(service("web", 1), service("gone", 1)), List.of());
            sidecar.offer(List.of(new StateRecord.ServiceTombstone(new ServiceName("gone"))), List.of());
            sidecar.awaitCommitted(sidecar.offer(records, List.of()));
            written = sidecar.ledger();
        }

        // when
        try (Sidecar sidecar = new Sidecar("again", settings).live()) {

            // then
            Event.StateRestored restored =
                    sidecar.all(Event.StateRestored.class).getFirst();
            assertThat(restored.epoch()).isEqualTo(2);
            assertThat(restored.theirs()).contains(written);
            assertThat(restored.records()).containsExactlyInAnyOrderElementsOf(records);
        }
    }

    @Test
    void resumeKeepsTheClaimAndWritesOnlyWhatKafkaLacks() {
        // given
        KafkaSettings settings = cluster.settings();
        Ledger owned;
        Batch there;
        try (Sidecar sidecar = new Sidecar("resumed", settings).live()) {
            there = sidecar.next(List.of(), List.of(Sidecar.event("there")), List.of());
            sidecar.session.offer(there);
            sidecar.awaitCommitted(there.seq());
            owned = sidecar.ledger();
        }
        Ledger next = new Ledger(owned.epoch(), owned.seq() + 1, owned.host(), owned.positions(), 0);
        Batch missing = new Batch(next, List.of(service("web", 9)), List.of(Sidecar.event("missing")), List.of());

        // when
        try (Sidecar sidecar = new Sidecar("resumed", settings)) {
            sidecar.session.resume(next, List.of(there, missing));
            sidecar.awaitCommitted(missing.seq());

            // then
            assertThat(sidecar.all(Event.StateRestored.class)).isEmpty();
            assertThat(cluster.eventIds("respawn.events", "resumed")).containsExactly("claimed/1", "there", "missing");
        }
    }

    @Test
    void whatWasLeftBehindIsWrittenWithTheClaimUnlessKafkaHasIt() {
        // given a run whose last batch reached only the local journal
        KafkaSettings settings = cluster.settings();
        Batch there;
        Batch missing;
        try (Sidecar sidecar = new Sidecar("left", settings).live()) {
            there = sidecar.next(List.of(), List.of(Sidecar.event("there")), List.of());
            sidecar.session.offer(there);
            sidecar.awaitCommitted(there.seq());
            missing = sidecar.next(List.of(service("old", 1)), List.of(Sidecar.event("missing")), List.of());
        }

        // when
        try (Sidecar sidecar = new Sidecar("left", settings)) {
            sidecar.start(there, missing);
            sidecar.awaitStatus(KafkaStatus.LIVE);

            // then its events are there once, and its records only if the claim has them
            assertThat(cluster.eventIds("respawn.events", "left"))
                    .containsExactly("claimed/1", "there", "missing", "claimed/2");
            assertThat(cluster.read("respawn.state"))
                    .extracting(record -> new String(record.key(), UTF_8))
                    .doesNotContain("left/service/old");
        }
    }

    @Test
    void openTransactionOfAnotherSidecarDoesNotCutTheRestoreShort() throws Exception {
        // given one partition for all, somebody's open transaction in it, and our state behind that
        KafkaSettings settings = cluster.settings("shared", 1);
        new Sidecar("mine", settings).live().close();
        Map<String, Object> other =
                Map.of("bootstrap.servers", cluster.broker.bootstrap(), "transactional.id", "respawn-other");
        try (KafkaProducer<byte[], byte[]> stuck =
                new KafkaProducer<>(other, new ByteArraySerializer(), new ByteArraySerializer())) {
            stuck.initTransactions();
            stuck.beginTransaction();
            stuck.send(new ProducerRecord<>("shared.state", 0, "other".getBytes(UTF_8), new byte[0]))
                    .get();
            Sidecar before = new Sidecar("mine", settings, "boot-0", 10);
            before.start();
            before.awaitThat(
                    "the wait for the other's transaction",
                    () -> before.has(
                            Event.KafkaChanged.class,
                            changed -> changed.detail().contains("open transaction")));
            assertThat(before.all(Event.StateRestored.class)).isEmpty();

            // when
            stuck.abortTransaction();
            before.awaitStatus(KafkaStatus.LIVE);

            // then
            Event.StateRestored restored = before.all(Event.StateRestored.class).getFirst();
            assertThat(restored.epoch()).isEqualTo(2);
            assertThat(restored.theirs()).isPresent();
            before.close();
        }
    }

    @Test
    void transactionThatADeadSidecarLeftOpenIsWaitedForAndNoLongerThanItMayTake() throws Exception {
        // given
        KafkaSettings settings = cluster.settings("heirs", 1);
        new Sidecar("heir", settings).live().close();
        Map<String, Object> other = Map.of(
                "bootstrap.servers", cluster.broker.bootstrap(),
                "transactional.id", "respawn-dead",
                "transaction.timeout.ms", "2000");
        KafkaProducer<byte[], byte[]> dead =
                new KafkaProducer<>(other, new ByteArraySerializer(), new ByteArraySerializer());
        dead.initTransactions();
        dead.beginTransaction();
        dead.send(new ProducerRecord<>("heirs.state", 0, "dead".getBytes(UTF_8), new byte[0]))
                .get();
        dead.close(Duration.ZERO);

        // when
        try (Sidecar sidecar = new Sidecar("heir", settings).live()) {

            // then
            Event.StateRestored restored =
                    sidecar.all(Event.StateRestored.class).getFirst();
            assertThat(restored.epoch()).isEqualTo(2);
            assertThat(restored.theirs()).isPresent();
        }
    }

    @Test
    void secondSessionFencesTheFirst() throws Exception {
        // given
        KafkaSettings settings = cluster.settings("fence", 2);
        try (Sidecar first = new Sidecar("twin", settings, "boot-1", 10).live();
                Sidecar second = new Sidecar("twin", settings, "boot-2", 10).live()) {

            // when the first writes
            first.offer(List.of(service("web", 1)), List.of(Sidecar.event("from-the-first")));
            first.awaitStatus(KafkaStatus.FENCED);
            first.offer(List.of(), List.of(Sidecar.event("again-from-the-first")));
            first.session.flush(Duration.ofSeconds(5));
            second.awaitCommitted(second.offer(List.of(service("web", 2)), List.of(Sidecar.event("from-the-second"))));

            // then it never writes again, and the second goes on
            assertThat(first.all(Event.Flushed.class))
                    .extracting(Event.Flushed::complete)
                    .containsExactly(false);
            assertThat(cluster.eventIds("fence.events", "twin"))
                    .containsExactly("claimed/1", "claimed/2", "from-the-second");
            assertThat(second.statuses()).endsWith(KafkaStatus.LIVE);
            assertThat(second.ledger().epoch()).isEqualTo(2);
        }
    }

    @Test
    void stateTopicThatWouldLoseTheStateIsRefused() throws Exception {
        // given
        cluster.create("losing.state", 16, Map.of("cleanup.policy", "compact,delete"));

        // when
        try (Sidecar sidecar = new Sidecar("losing", cluster.settings("losing", 16))) {
            sidecar.start();
            sidecar.awaitThat("refusal", () -> sidecar.fault("kafka-refused") > 1);

            // then
            Event.KafkaChanged last = sidecar.all(Event.KafkaChanged.class).getLast();
            assertThat(last.status()).isEqualTo(KafkaStatus.DEGRADED);
            assertThat(last.detail())
                    .startsWith("Cannot use topic 'losing.state'")
                    .contains("cleanup.policy", "compact,delete");
            assertThat(cluster.end(new TopicPartition("losing.state", 0))).isZero();
            assertThat(sidecar.all(Event.StateRestored.class)).isEmpty();
        }
    }

    @Test
    void stateTopicWithTooFewPartitionsIsRefused() throws Exception {
        // given
        cluster.create("few.state", 2, Map.of("cleanup.policy", "compact"));

        // when
        try (Sidecar sidecar = new Sidecar("few", cluster.settings("few", 16))) {
            sidecar.start();
            sidecar.awaitThat("refusal", () -> sidecar.fault("kafka-refused") > 0);

            // then
            assertThat(sidecar.all(Event.KafkaChanged.class).getLast().detail())
                    .contains("2 partitions", "respawn.state-partitions is 16");
        }
    }

    @Test
    void missingTopicsAreNamedWhenTheyMayNotBeCreated() {
        // given
        KafkaSettings settings = new KafkaSettings(
                cluster.client(),
                Cluster.topics("absent"),
                16,
                KafkaSettings.FirstPosition.LATEST,
                false,
                -1,
                Duration.ofMinutes(5));

        // when
        try (Sidecar sidecar = new Sidecar("absent", settings)) {
            sidecar.start();
            sidecar.awaitThat("refusal", () -> sidecar.fault("kafka-refused") > 0);

            // then
            assertThat(sidecar.all(Event.KafkaChanged.class).getLast().detail())
                    .contains("absent.commands", "respawn.create-topics");
        }
    }

    @Test
    void closeEndsTheThreadAndAllClientsInTime() {
        // given
        Sidecar sidecar = new Sidecar("leaver", cluster.settings()).live();
        sidecar.session.flush(Duration.ofSeconds(5));
        sidecar.awaitThat("flush", () -> sidecar.has(Event.Flushed.class, Event.Flushed::complete));
        long begun = System.nanoTime();

        // when
        sidecar.close();

        // then
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1_500));
        sidecar.awaitThat(
                "the end of its threads",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().contains("respawn-leaver")
                                || thread.getName().equals("kafka-session")));
    }

    private static Service service(String name, long generation) {
        return new Service(
                new ServiceName(name), Service.Desired.UP, false, "", generation, StopPolicy.DEFAULT, List.of());
    }
}
