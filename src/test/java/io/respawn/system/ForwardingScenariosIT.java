package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of services on a topic of a real broker: in order, with what they say about themselves, and with the losses told. */
final class ForwardingScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static final String TICKER =
            "{ command: [ /bin/sh, -c, 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.005; done' ], output: { forward: true, console: none } }";

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static Topics topics;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start(folder.resolve("broker"));
        topics = new Topics(broker.bootstrap());
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
        broker.close();
    }

    /** A line as the topic has it. */
    private record Forwarded(ConsumerRecord<byte[], byte[]> entry, JsonNode json) {

        static Forwarded of(ConsumerRecord<byte[], byte[]> entry) {
            try {
                return new Forwarded(entry, RunningSidecar.JSON.readTree(entry.value()));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read a line", e);
            }
        }

        String text() {
            return json.path("text").asText();
        }

        long number() {
            return json.path("number").asLong();
        }
    }

    @Test
    void linesOfTwoServicesArriveInOrderWithWhatTheySayAboutThemselves() throws IOException {
        try (RunningSidecar sidecar = sidecar("fwd-order", """
                one: { command: [ /bin/sh, -c, 'trap "echo goodbye; exit" TERM; seq 300; sleep 1000 & wait' ], output: { forward: true } }
                two: { command: [ /bin/sh, -c, 'echo "a \\"word\\"" >&2; seq 300; exec sleep 1000' ], output: { forward: true, console: none, triggers: { word: { pattern: '^a "word"$' } } } }
                silent: { command: [ /bin/sh, -c, 'echo not for everybody; exec sleep 1000' ] }
                """)) {
            // given
            Instant before = Instant.now();
            sidecar.start().awaitReady();
            awaitForwarded(sidecar, "one", 300);
            awaitForwarded(sidecar, "two", 301);

            // when
            sidecar.cli("restart", "one", "--wait");
            awaitForwarded(sidecar, "one", 601);
            String told = sidecar.cli("status", "one").output();
            double metric = sidecar.metric("respawn_output_forwarded_total{service=\"one\"");
            double matches = sidecar.metric("respawn_line_matches_total{service=\"two\",trigger=\"word\"");
            sidecar.terminate();

            // then
            List<Forwarded> one = lines("fwd-order", "one");
            assertThat(one)
                    .extracting(Forwarded::number)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 602).boxed().toList());
            assertThat(one.subList(0, 300)).extracting(Forwarded::text).containsExactlyElementsOf(counted(300));
            assertThat(one.get(300).text()).isEqualTo("goodbye");
            assertThat(one.subList(301, 601)).extracting(Forwarded::text).containsExactlyElementsOf(counted(300));
            assertThat(one.getLast().text()).isEqualTo("goodbye");
            assertThat(one)
                    .extracting(line -> line.json().path("incarnation").asInt())
                    .startsWith(1)
                    .endsWith(2)
                    .isSorted();
            List<Forwarded> two = lines("fwd-order", "two");
            assertThat(two.stream()
                            .filter(line -> line.json().path("stream").asText().equals("stderr")))
                    .singleElement()
                    .satisfies(line -> assertWhole(line, before));
            assertThat(two.stream()
                            .filter(line -> line.json().path("stream").asText().equals("stdout")))
                    .extracting(Forwarded::text)
                    .containsExactlyElementsOf(counted(300));
            assertThat(lines("fwd-order", "silent")).isEmpty();
            assertThat(told).contains("one: 601 lines of its output forwarded to Kafka, 0 lost, 0 waiting");
            assertThat(metric).isEqualTo(601);
            // Who answers a line does not keep it from its way.
            assertThat(matches).isEqualTo(1);
        }
    }

    private static void assertWhole(Forwarded line, Instant before) {
        ConsumerRecord<byte[], byte[]> entry = line.entry();
        JsonNode json = line.json();
        assertThat(json.path("sidecar").asText()).isEqualTo("fwd-order");
        assertThat(json.path("service").asText()).isEqualTo("two");
        assertThat(json.path("instance").asInt(-1)).isZero();
        assertThat(json.path("incarnation").asInt()).isEqualTo(1);
        assertThat(json.path("text").asText()).isEqualTo("a \"word\"");
        assertThat(Instant.parse(json.path("time").asText())).isBetween(before, Instant.now());
        assertThat(Topics.text(entry.key())).isEqualTo("fwd-order/two/0");
        assertThat(Topics.header(entry, "ce_type")).isEqualTo("io.respawn.service.output.v1");
        assertThat(Topics.header(entry, "ce_subject")).isEqualTo("fwd-order/two");
        assertThat(Topics.header(entry, "ce_source")).isEqualTo("/respawn/fwd-order");
        assertThat(Topics.header(entry, "ce_time")).isEqualTo(json.path("time").asText());
        assertThat(Topics.header(entry, "content-type")).isEqualTo("application/json");
    }

    @Test
    void linesWaitForABrokerThatIsAwayAndGoOnInOrderAlsoOverARespawn() throws IOException {
        try (RunningSidecar sidecar = sidecar("fwd-away", """
                ticker: %s
                beside: { command: [ /bin/sleep, "1000" ], restart: { backoff: { delay: 10ms } } }
                """.formatted(TICKER))) {
            // given
            sidecar.start().awaitReady();
            awaitForwarded(sidecar, "ticker", 50);

            // when
            broker.kill();
            awaitCount(
                    sidecar,
                    "ticker",
                    "lines that wait",
                    count -> count.path("waiting").asInt() > 200);
            int killed = sidecar.pidOf("beside");
            Stage.kill(killed);
            sidecar.awaitStatus("the replacement of beside", status -> sidecar.pidOf("beside") != killed);
            long during = count(sidecar, "ticker").path("forwarded").asLong();
            broker.restart();
            awaitForwarded(sidecar, "ticker", during + 300);
            int ticker = sidecar.pidOf("ticker");

            // then nothing came twice or too late
            List<Forwarded> before = lines("fwd-away", "ticker");
            assertThat(before)
                    .extracting(Forwarded::number)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, before.size()).boxed().toList());

            // when
            assertThat(sidecar.cli("respawn", "--wait").exitCode()).isZero();
            long counted = count(sidecar, "ticker").path("forwarded").asLong();
            awaitForwarded(sidecar, "ticker", counted + 200);

            // then what was under way may have come twice, and nothing is missing
            assertThat(sidecar.pidOf("ticker")).isEqualTo(ticker);
            List<Forwarded> all = lines("fwd-away", "ticker");
            List<Long> once = all.stream().map(Forwarded::number).distinct().toList();
            assertThat(once)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, once.size()).boxed().toList());
            assertThat(all.size() - once.size()).isLessThan(50);
            assertThat(all.stream()
                            .map(line -> Topics.header(line.entry(), "ce_id"))
                            .distinct())
                    .hasSameSizeAs(once);
            assertThat(all)
                    .extracting(line -> line.json().path("incarnation").asInt())
                    .containsOnly(1);
            assertThat(counted).isGreaterThan(during);
        }
    }

    @Test
    void whatWaitsForABrokerThatHangsIsLostByACrashAndTheRestGoesOnInOrder() {
        try (RunningSidecar sidecar = sidecar("fwd-hang", "ticker: " + TICKER + "\n")) {
            // given
            sidecar.start().awaitReady();
            awaitForwarded(sidecar, "ticker", 50);
            int ticker = sidecar.pidOf("ticker");

            // when
            broker.pause();
            awaitCount(
                    sidecar,
                    "ticker",
                    "lines that wait",
                    count -> count.path("waiting").asInt() > 200);
            sidecar.kill();
            broker.resume();
            sidecar.start().awaitReady();
            awaitForwarded(sidecar, "ticker", 50);

            // then
            assertThat(sidecar.pidOf("ticker")).isEqualTo(ticker);
            List<Integer> all = lines("fwd-hang", "ticker").stream()
                    .map(line -> Integer.parseInt(line.text()))
                    .toList();
            assertThat(all).hasSizeGreaterThanOrEqualTo(100).isSorted().doesNotHaveDuplicates();
            assertThat(all.getLast() - all.size()).as("lost").isPositive();
        }
    }

    @Test
    void whatFindsNoRoomIsLostOldestFirstAndCounted() throws IOException {
        broker.stop();
        try (RunningSidecar sidecar = sidecar("fwd-full", """
                flood: { command: [ /bin/sh, -c, 'seq 15000; exec sleep 1000' ], output: { forward: true, console: none } }
                beside: { command: [ /bin/sleep, "1000" ] }
                """).with("RESPAWN_KAFKA_RESTORE_WAIT", "1s")) {
            // given
            sidecar.start();
            awaitCount(sidecar, "flood", "losses", count -> count.path("lost").asInt() == 5000);
            String told = sidecar.cli("status").output();
            Awaitility.await("that it is told")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Programs.said(sidecar.log()).contains("Cannot forward output to topic"));

            // when
            broker.restart();
            awaitForwarded(sidecar, "flood", 10_000);

            // then
            assertThat(lines("fwd-full", "flood"))
                    .extracting(Forwarded::text)
                    .containsExactlyElementsOf(IntStream.rangeClosed(5001, 15_000)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(told).contains("5000 lines of its output lost on the way to Kafka");
            assertThat(sidecar.metric("respawn_output_lost_total{service=\"flood\""))
                    .isEqualTo(5000);
            assertThat(Programs.said(sidecar.log()))
                    .contains("Cannot forward output to topic 'respawn.output'", "lines of output were lost")
                    .contains("Output is forwarded to topic 'respawn.output' again")
                    .doesNotContain("SRMSG");
        }
    }

    @Test
    void nothingIsThereForItUntilAReloadAsksForIt() throws IOException {
        String script = "while :; do echo tick; sleep 0.05; done";
        String plain = "web: { command: [ /bin/sh, -c, '" + script + "' ], output: { console: none } }\n";
        try (RunningSidecar sidecar = sidecar("fwd-reload", plain)) {
            // given
            sidecar.start().awaitReady();
            int pid = sidecar.pidOf("web");
            List<String> without = sidecar.threads();
            boolean shown = sidecar.json("/api/v1/services/web").has("forwarding");

            // when
            write(sidecar, plain.replace("console: none", "console: none, forward: true"));
            String dry = sidecar.cli("apply", "--dry-run").output();
            assertThat(sidecar.cli("apply").exitCode()).isZero();
            awaitForwarded(sidecar, "web", 5);
            List<String> with = sidecar.threads();
            write(sidecar, plain);
            assertThat(sidecar.cli("apply").exitCode()).isZero();

            // then
            assertThat(dry).contains("update web (output.forward)");
            assertThat(without).noneMatch(ForwardingScenariosIT::isForIt);
            assertThat(with).anyMatch(ForwardingScenariosIT::isForIt);
            assertThat(shown).isFalse();
            assertThat(sidecar.pidOf("web")).isEqualTo(pid);
            awaitCount(
                    sidecar,
                    "web",
                    "nothing that waits",
                    count -> count.path("waiting").asInt() == 0);
            long then = count(sidecar, "web").path("forwarded").asLong();
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .until(() -> count(sidecar, "web").path("forwarded").asLong() == then);
        }
    }

    /** The kernel keeps fifteen characters of a name. */
    private static boolean isForIt(String thread) {
        return thread.equals("respawn-forward") || thread.startsWith("smallrye-kafka-");
    }

    private static RunningSidecar sidecar(String id, String services) {
        return new RunningSidecar(folder, id, services).with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap());
    }

    private static void write(RunningSidecar sidecar, String services) throws IOException {
        Files.writeString(
                sidecar.configuration(), "respawn:\n  id: " + sidecar.id() + "\n  services:\n" + services.indent(4));
    }

    private static List<Forwarded> lines(String sidecar, String service) {
        return topics.read("respawn.output").stream()
                .map(Forwarded::of)
                .filter(line -> line.json().path("sidecar").asText().equals(sidecar))
                .filter(line -> line.json().path("service").asText().equals(service))
                .toList();
    }

    private static JsonNode count(RunningSidecar sidecar, String service) {
        return sidecar.json("/api/v1/services/" + service).path("forwarding");
    }

    private static void awaitForwarded(RunningSidecar sidecar, String service, long least) {
        awaitCount(
                sidecar,
                service,
                least + " forwarded lines",
                count -> count.path("forwarded").asLong() >= least);
    }

    private static void awaitCount(RunningSidecar sidecar, String service, String what, Predicate<JsonNode> wanted) {
        Awaitility.await(what + " of " + service + ", log is " + sidecar.log())
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(UncheckedIOException.class)
                .until(() -> wanted.test(count(sidecar, service)));
    }

    private static List<String> counted(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
    }
}
