package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker does not answer, or is not there. */
final class BrokerAwayIT {

    private static final Duration AWAY = Duration.ofSeconds(30);
    private static final Pattern ORDINAL = Pattern.compile(".*/(\\d+)/(\\d+)/(\\d+)");

    @TempDir
    static Path folder;

    @AutoClose
    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start(folder.resolve("broker"));
    }

    @Test
    void servicesAndLocalOrdersGoOnWhileTheBrokerHangsAndEveryEventArrivesOnceAfterwards() throws Exception {
        try (RunningSidecar sidecar = sidecar("away");
                Topics topics = new Topics(broker.bootstrap())) {
            // given
            sidecar.start().awaitReady();
            int killed = sidecar.pidOf("web");
            Instant end = Instant.now().plus(AWAY);
            broker.pause();

            // when
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            await("the replacement of web")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> replaces(sidecar.instance("web"), killed));
            sidecar.awaitStatus(
                    "degradation",
                    status -> status.at("/sidecar/kafka").asText().equals("degraded"));
            Programs.Ended restart = sidecar.cli("restart", "other", "--wait", "--id", "local-1");
            Programs.Ended accepted = sidecar.cli("restart", "other", "--id", "local-2", "--format", "json");
            JsonNode meanwhile = sidecar.status().path("sidecar");
            await("the end of the outage")
                    .atMost(AWAY.plusSeconds(5))
                    .until(() -> Instant.now().isAfter(end));
            broker.resume();

            // then
            assertThat(restart.output()).contains("succeeded");
            assertThat(restart.exitCode()).isZero();
            assertThat(RunningSidecar.JSON
                            .readTree(accepted.output())
                            .path("durability")
                            .asText())
                    .isEqualTo("local");
            assertThat(meanwhile.path("kafka").asText()).isEqualTo("degraded");
            assertThat(meanwhile.path("kafkaDetail").asText()).isNotEmpty();
            assertThat(meanwhile.path("durability").asText()).isEqualTo("local");
            assertThat(meanwhile.path("unacknowledged").asInt()).isPositive();
            sidecar.awaitReady();
            topics.awaitOutcome(sidecar.id(), "local-2");
            List<Seen> events = topics.events(sidecar.id());
            assertThat(events).extracting(Seen::id).doesNotHaveDuplicates();
            assertThat(events.stream().flatMap(BrokerAwayIT::ordinal).toList())
                    .isSorted()
                    .hasSizeGreaterThan(5);
            assertThat(happenings(events, "local-1")).containsExactly("accepted", "started", "succeeded");
            assertThat(happenings(events, "local-2")).containsExactly("accepted", "started", "succeeded");
            assertThat(events.stream()
                            .filter(event -> event.subject().equals("away/web"))
                            .map(Seen::happening))
                    .containsExactly("started", "ready", "exited", "backing-off", "started", "ready");
        }
    }

    @Test
    void servicesStartWithoutABrokerAndTheStateIsClaimedWhenOneComes() {
        broker.stop();
        try (RunningSidecar sidecar = sidecar("early").with("RESPAWN_KAFKA_RESTORE_WAIT", "1s")) {
            // given
            sidecar.start();

            // when
            sidecar.awaitStatus(
                    "provisional services",
                    status -> status.at("/sidecar/phase").asText().equals("provisional")
                            && status.at("/services/1/ready").asBoolean());
            int pid = sidecar.pidOf("web");
            JsonNode alone = sidecar.status().path("sidecar");
            broker.restart();
            sidecar.awaitReady();

            // then
            assertThat(alone.path("kafka").asText()).isIn("connecting", "degraded");
            assertThat(alone.path("epoch").asLong()).isZero();
            assertThat(sidecar.pidOf("web")).isEqualTo(pid);
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(1);
            try (Topics topics = new Topics(broker.bootstrap())) {
                List<Seen> events = topics.awaitEvents(
                        "the event of the start",
                        "early",
                        all -> all.stream()
                                .anyMatch(event -> event.subject().equals("early/web")
                                        && event.happening().equals("ready")));
                assertThat(events).extracting(Seen::id).doesNotHaveDuplicates();
                assertThat(topics.newestState("early/service/web")
                                .at("/instances/0/state/process/pid")
                                .asInt())
                        .isEqualTo(pid);
            }
        }
    }

    @Test
    void whatWasAcceptedAndCountedWithoutABrokerSurvivesTheDeathOfTheSidecar() {
        try (RunningSidecar sidecar = sidecar("killed")) {
            // given orders and a crash restart that only this machine knows of
            sidecar.start().awaitReady();
            int first = sidecar.pidOf("web");
            broker.kill();
            Stage.kill(first);
            await("the replacement of web")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> replaces(sidecar.instance("web"), first));
            sidecar.awaitStatus(
                    "degradation",
                    status -> status.at("/sidecar/kafka").asText().equals("degraded"));
            Programs.Ended restart = sidecar.cli("restart", "other", "--wait", "--id", "before-1");
            Programs.Ended stop = sidecar.cli("stop", "other", "--wait", "--id", "before-2");
            JsonNode web = sidecar.instance("web");

            // when
            sidecar.kill();
            sidecar.start();
            sidecar.awaitStatus(
                    "the services of the life before",
                    status -> status.at("/services/1/ready").asBoolean());
            JsonNode after = sidecar.instance("web");
            String other = sidecar.instance("other").path("state").asText();
            Programs.Ended start = sidecar.cli("start", "other", "--wait", "--id", "after-1");
            broker.restart();
            sidecar.awaitReady();

            // then
            assertThat(List.of(restart.exitCode(), stop.exitCode(), start.exitCode()))
                    .containsOnly(0);
            for (String counted : List.of("pid", "incarnation", "restarts")) {
                assertThat(after.path(counted)).as(counted).isEqualTo(web.path(counted));
            }
            assertThat(after.path("restarts").asInt()).isEqualTo(1);
            assertThat(other).isEqualTo("stopped");
            try (Topics topics = new Topics(broker.bootstrap())) {
                topics.awaitOutcome("killed", "after-1");
                List<Seen> events = topics.events("killed");
                assertThat(events).extracting(Seen::id).doesNotHaveDuplicates();
                for (String intent : List.of("before-1", "before-2", "after-1")) {
                    assertThat(happenings(events, intent)).containsExactly("accepted", "started", "succeeded");
                }
                assertThat(events.stream()
                                .filter(event -> event.subject().equals("killed/web"))
                                .map(Seen::happening))
                        .containsExactly("started", "ready", "exited", "backing-off", "started", "ready");
            }
        }
    }

    @Test
    void withoutAStateDirectoryTheStatusSaysWhatIsOnlyInMemory() throws Exception {
        try (RunningSidecar sidecar = sidecar("forgetful").with("RESPAWN_STATE_DIRECTORY", "/proc/respawn")) {
            // given
            sidecar.start().awaitReady();
            String before = sidecar.status().at("/sidecar/durability").asText();

            // when
            broker.pause();
            Stage.kill(sidecar.pidOf("web"));
            sidecar.awaitStatus(
                    "degradation",
                    status -> status.at("/sidecar/kafka").asText().equals("degraded"));
            JsonNode away = sidecar.status().path("sidecar");
            double metric = sidecar.metric("respawn_durability{durability=\"memory\"");
            Programs.Ended refused = sidecar.cli("restart", "other");
            Programs.Ended taken = sidecar.cli("restart", "other", "--accept-memory", "--wait", "--id", "memory-1");
            broker.resume();
            sidecar.awaitReady();

            // then
            assertThat(before).isEqualTo("kafka");
            assertThat(away.path("durability").asText()).isEqualTo("memory");
            assertThat(away.path("durabilityDetail").asText())
                    .contains("Cannot keep any state on disk", "/proc/respawn", "respawn.state-directory");
            assertThat(away.path("unacknowledged").asInt()).isPositive();
            assertThat(metric).isEqualTo(1);
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.output()).contains("memory");
            assertThat(taken.exitCode()).isZero();
            try (Topics topics = new Topics(broker.bootstrap())) {
                assertThat(topics.awaitOutcome("forgetful", "memory-1"))
                        .extracting(Seen::happening)
                        .containsExactly("accepted", "started", "succeeded");
            }
            sidecar.awaitStatus(
                    "nothing that is only here",
                    status -> status.at("/sidecar/unacknowledged").asInt() == 0
                            && status.at("/sidecar/durability").asText().equals("kafka"));
        }
    }

    private static RunningSidecar sidecar(String id) {
        return new RunningSidecar(folder, id, """
                        web: { command: %1$s, restart: { backoff: { delay: 200ms } } }
                        other: { command: %1$s }
                        """.formatted(new Scripts(folder, id).willing()))
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap());
    }

    private static boolean replaces(JsonNode instance, int pid) {
        return instance.path("state").asText().equals("ready")
                && instance.path("pid").asInt() != pid;
    }

    private static List<String> happenings(List<Seen> events, String intent) {
        return events.stream()
                .filter(event -> event.isAbout(intent) && event.type().startsWith("io.respawn.intent."))
                .map(Seen::happening)
                .toList();
    }

    /** Epoch, batch and place in it as one number, of the events that are not named after an intent. */
    private static Stream<Long> ordinal(Seen event) {
        Matcher matcher = ORDINAL.matcher(event.id());
        return matcher.matches()
                ? Stream.of(Long.parseLong(matcher.group(1)) * 1_000_000_000
                        + Long.parseLong(matcher.group(2)) * 1_000
                        + Long.parseLong(matcher.group(3)))
                : Stream.empty();
    }
}
