package io.respawn.bench;

import io.respawn.system.RunningSidecar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/**
 * How long a sidecar that has nothing on its machine takes to have its state again, beside a bare consumer that reads the
 * same partition. Measured by the sidecar's own log, from RESTORING, when it begins to read, until LIVE, when its claim is
 * committed. All records are its own: of services that are declared and of orders that wait.
 */
final class RestoreBench implements AutoCloseable {

    private static final String ID = "bench-restore";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Nothing is promised; beyond this something is wrong. */
    private static final double BOUND = 5;

    private final int services;
    private final int intents;
    private final Wire wire;
    private final RunningSidecar sidecar;

    RestoreBench(Path folder, String bootstrap, int services, int intents) {
        this.services = services;
        this.intents = intents;
        wire = new Wire(bootstrap);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < services; i++) {
            text.append("s").append(i).append(": { autostart: false, command: [ sleep, \"86421\" ] }\n");
        }
        sidecar = new RunningSidecar(folder, ID, text.toString())
                .with("KAFKA_BOOTSTRAP_SERVERS", bootstrap)
                .with("RESPAWN_KAFKA_RESTORE_WAIT", "60s");
    }

    /** Whether it stays within the bound. */
    boolean measure(int rounds) throws IOException {
        fill();
        System.out.println("  the partition is filled");
        List<Double> ours = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> pauses = new ArrayList<>();
        int records = 0;
        for (int round = 0; round < rounds; round++) {
            sidecar.kill();
            forget();
            Files.deleteIfExists(sidecar.log());
            sidecar.start();
            awaitLine("Kafka is LIVE");
            ours.add(between("Kafka is RESTORING", "Kafka is LIVE").toNanos() / 1e6);
            awaitOpenApi();
            pauses.add(sidecar.metric("respawn_step_seconds_max") * 1e3);
            TopicPartition partition = Wire.partition(Wire.STATE, ID);
            long begin = System.nanoTime();
            records = wire.read(partition, 0, wire.end(partition)).size();
            bare.add((System.nanoTime() - begin) / 1e6);
            System.out.printf("  round %d: done%n", round + 1);
        }
        return report(new Figures(ours), new Figures(bare), new Figures(pauses), records);
    }

    private boolean report(Figures ours, Figures bare, Figures pauses, int records) {
        double ratio = ours.p50() / bare.p50();
        boolean kept = ratio <= BOUND;
        System.out.printf(
                "restore of %,d services and %,d orders, %,d records in the partition, ms, medians%n",
                services, intents, records);
        System.out.printf("%-40s %10.0f%n", "Respawn, until it is live", ours.p50());
        System.out.printf("%-40s %10.0f%n", "bare consumer", bare.p50());
        System.out.printf("%-40s %10.0f%n", "longest step of the loop in its life", pauses.p50());
        System.out.printf("%-40s %10.2f   bound %.1f: %s%n", "ratio", ratio, BOUND, kept ? "kept" : "BROKEN");
        return kept;
    }

    private void fill() {
        sidecar.start();
        awaitLine("Kafka is LIVE");
        try (Producer<byte[], byte[]> orders = wire.producer()) {
            for (int i = 0; i < intents; i++) {
                String json = """
                        {"id":"order-%d","action":"restart","service":"s%d","notBefore":"2100-01-01T00:00:00Z",\
                        "requestedBy":"the benchmark","reason":"new pages"}\
                        """.formatted(i, i % services);
                Wire.send(orders, new ProducerRecord<>(Wire.COMMANDS, Wire.bytes(ID), Wire.bytes(json)));
            }
            orders.flush();
        }
        until(
                "acceptance of all orders",
                () -> sidecar.metric("respawn_events_total{type=\"io.respawn.intent.accepted.v1\"") == intents
                        && sidecar.metric("respawn_unacknowledged_batches") == 0);
    }

    private void awaitOpenApi() {
        until("an answer of the metrics", () -> sidecar.metric("respawn_step_seconds_max") > 0);
    }

    private void forget() throws IOException {
        try (Stream<Path> files = Files.walk(sidecar.stateDirectory())) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot delete " + file, e);
                }
            });
        }
    }

    private void awaitLine(String words) {
        until("'" + words + "'", () -> line(words).isPresent());
    }

    private static void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(condition);
    }

    private Optional<String> line(String words) throws IOException {
        try (Stream<String> lines = Files.lines(sidecar.log())) {
            return lines.filter(line -> line.contains(words)).findFirst();
        }
    }

    private Duration between(String first, String second) throws IOException {
        return Duration.between(time(first), time(second));
    }

    private OffsetDateTime time(String words) throws IOException {
        String line = line(words).orElseThrow();
        return OffsetDateTime.parse(line.substring(0, line.indexOf(' ')));
    }

    @Override
    public void close() {
        sidecar.close();
        wire.close();
    }
}
