package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaOutageIT {

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
    void everythingIsWrittenOnceThoughTheBrokerStandsStill() throws Exception {
        try (Sidecar sidecar = new Sidecar("still", cluster.settings()).live()) {
            // given somebody who writes all the time
            Writer writer = new Writer(sidecar);

            // when the broker stands still for longer than a transaction may take
            cluster.broker.pause();
            sidecar.awaitStatus(KafkaStatus.DEGRADED);
            sidecar.awaitThat(
                    "a commit that is asked for again twice", () -> sidecar.fault("kafka-commit-timeout") >= 2);
            cluster.broker.resume();
            List<String> written = writer.finish();
            sidecar.awaitCommitted(sidecar.ledger().seq());
            sidecar.awaitStatus(KafkaStatus.LIVE);

            // then
            assertThat(cluster.eventIds("respawn.events", "still").stream().skip(1))
                    .containsExactlyElementsOf(written);
            assertThat(sidecar.all(Event.StateRestored.class)).hasSize(1);
        }
    }

    @Test
    void everythingIsWrittenOnceThoughTheBrokerIsKilled() throws Exception {
        try (Sidecar sidecar = new Sidecar("killed", cluster.settings()).live()) {
            // given
            Writer writer = new Writer(sidecar);

            // when
            cluster.broker.kill();
            sidecar.awaitStatus(KafkaStatus.DEGRADED);
            cluster.broker.restart();
            List<String> written = writer.finish();
            sidecar.awaitCommitted(sidecar.ledger().seq());
            sidecar.awaitStatus(KafkaStatus.LIVE);

            // then
            assertThat(cluster.eventIds("respawn.events", "killed").stream().skip(1))
                    .containsExactlyElementsOf(written);
            assertThat(sidecar.all(Event.StateRestored.class)).hasSize(1);
        }
    }

    @Test
    void idleSidecarNoticesThatTheBrokerIsGoneAndBackAgain() {
        try (Sidecar sidecar = new Sidecar("idle", cluster.settings()).live()) {
            // when
            cluster.broker.kill();
            sidecar.awaitStatus(KafkaStatus.DEGRADED);
            cluster.broker.restart();

            // then
            sidecar.awaitStatus(KafkaStatus.LIVE);
        }
    }

    @Test
    void sidecarThatStartsWithoutABrokerConnectsWhenThereIsOne() {
        // given no broker, and clients that give up sooner than by default, so that nobody waits for them here
        cluster.broker.kill();
        Map<String, Object> impatient = new HashMap<>(cluster.client());
        impatient.put("default.api.timeout.ms", "2000");
        impatient.put("request.timeout.ms", "1000");
        impatient.put("max.block.ms", "1000");

        // when
        try (Sidecar sidecar = new Sidecar("early", KafkaSettings.of(impatient))) {
            sidecar.start();
            sidecar.awaitThat("a failed attempt", () -> sidecar.fault("kafka-connection") > 0);
            assertThat(sidecar.statuses()).containsOnly(KafkaStatus.CONNECTING);
            cluster.broker.restart();

            // then
            sidecar.awaitStatus(KafkaStatus.LIVE);
        }
    }

    /** Writes an event every few milliseconds from a thread of its own. */
    private static final class Writer {
        private final AtomicBoolean done = new AtomicBoolean();
        private final List<String> written = new ArrayList<>();
        private final Thread thread;

        Writer(Sidecar sidecar) {
            long first = sidecar.ledger().seq();
            thread = Thread.ofPlatform().start(() -> {
                for (int i = 0; !done.get(); i++) {
                    sidecar.offer(List.of(), List.of(Sidecar.event("w" + i)));
                    written.add("w" + i);
                    java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
                }
            });
            sidecar.awaitCommitted(first + 20);
        }

        List<String> finish() throws InterruptedException {
            done.set(true);
            thread.join();
            return written;
        }
    }
}
