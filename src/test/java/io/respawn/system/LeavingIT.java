package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.system.Programs.Ended;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the sidecar goes, and what it leaves behind: nothing. */
final class LeavingIT {

    @TempDir
    Path folder;

    @Test
    void termStopsDependentsBeforeWhatTheyNeedAndSaysSoOnKafka() {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
                RunningSidecar sidecar = new RunningSidecar(
                                folder, "order", """
                                page: { command: %1$s, depends-on: { shop: ready } }
                                shop: { command: %1$s, depends-on: { store: ready } }
                                store: { command: %1$s }
                                """.formatted(new Scripts(folder, "order").willing()))
                        .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap());
                Topics topics = new Topics(broker.bootstrap())) {
            // given
            sidecar.start().awaitReady();

            // when
            Ended ended = sidecar.terminate();

            // then
            assertThat(ended.exitCode()).isZero();
            assertThat(Tagged.of(sidecar.id())).isEmpty();
            List<Seen> events = topics.events(sidecar.id());
            assertThat(events).extracting(Seen::type).contains("io.respawn.sidecar.stopped.v1");
            assertThat(subjects(events, "started")).containsExactly("order/store", "order/shop", "order/page");
            assertThat(subjects(events, "stopped")).containsExactly("order", "order/page", "order/shop", "order/store");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void secondSignalSkipsTheGracePeriod(String signal) {
        try (RunningSidecar sidecar =
                new RunningSidecar(folder, "stubborn", """
                        deaf: { command: %s, stop: { grace-period: 25s } }
                        """.formatted(new Scripts(folder, "stubborn").stubborn()))) {
            // given
            sidecar.start().awaitReady();
            Instant first = Instant.now();
            sidecar.signal(signal);

            // when
            await("two seconds")
                    .atMost(Duration.ofSeconds(4))
                    .until(() -> Instant.now().isAfter(first.plusMillis(2_100)));
            List<Tagged> patient = Tagged.of(sidecar.id());
            sidecar.signal(signal);
            Ended ended = sidecar.awaitEnd();

            // then
            assertThat(patient).isNotEmpty();
            assertThat(ended.exitCode()).isZero();
            assertThat(Duration.between(first, Instant.now())).isLessThan(Duration.ofSeconds(15));
            assertThat(Tagged.of(sidecar.id())).isEmpty();
        }
    }

    @Test
    void takenHttpPortIsNamedAndLeavesNothingRunning() throws Exception {
        try (RunningSidecar sidecar = new RunningSidecar(
                        folder, "taken", "web: { command: " + new Scripts(folder, "taken").willing() + " }");
                ServerSocket taken = new ServerSocket(sidecar.httpPort(), 1, InetAddress.getLoopbackAddress())) {
            // when
            Ended ended = sidecar.start().awaitEnd();

            // then
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.output()).contains(Integer.toString(taken.getLocalPort()));
            assertThat(new Scripts(folder, "taken").starts()).hasSize(1);
            assertThat(Tagged.of(sidecar.id())).isEmpty();
        }
    }

    private static List<String> subjects(List<Seen> events, String happening) {
        return events.stream()
                .filter(event -> event.happening().equals(happening))
                .filter(event -> !event.type().equals("io.respawn.sidecar.started.v1"))
                .map(Seen::subject)
                .toList();
    }
}
