package io.respawn.bench;

import io.respawn.bench.Transactions.Place;
import io.respawn.bench.Transactions.Transaction;
import io.respawn.system.RunningSidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How many commands a second are accepted and durably recorded, beside a bare loop of kafka-clients that reads the same
 * topic from the same offset on and writes the same records in the same transactions, which it finds prepared.
 *
 * <p>Orders become readable all at once, by the commit of the transaction that sent them. Measured from just before that
 * commit, for the bare loop from its seek, until a reader has all the {@code accepted} events.
 */
final class AcceptanceBench implements AutoCloseable {

    private static final String ID = "bench-intake";
    private static final String BARE = "bench-copied";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double PROMISE = 0.5;

    private final int services;
    private final int commands;
    private final Wire wire;
    private final RunningSidecar sidecar;

    AcceptanceBench(Path folder, String bootstrap, int services, int commands) {
        this.services = services;
        this.commands = commands;
        this.wire = new Wire(bootstrap);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < services; i++) {
            text.append("s").append(i).append(": { autostart: false, command: [ sleep, \"86421\" ] }\n");
        }
        this.sidecar = new RunningSidecar(folder, ID, text.toString())
                .with("KAFKA_BOOTSTRAP_SERVERS", bootstrap)
                .with("RESPAWN_INTENTS_OPEN_COUNT", "1000000")
                .with("RESPAWN_INTENTS_OPEN_SIZE", "1GiB")
                .start()
                .awaitLive();
    }

    /** Whether the promise is kept. */
    boolean measure(int rounds) throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        int transactions = 0;
        try (Producer<byte[], byte[]> orders = wire.producer("bench-orders");
                Producer<byte[], byte[]> copies = wire.producer(BARE);
                Consumer<byte[], byte[]> reader = wire.consumer(Map.of("fetch.max.wait.ms", 15_000));
                Consumer<byte[], byte[]> watcher =
                        wire.consumer(Map.of("fetch.max.wait.ms", 5, "fetch.min.bytes", 1024 * 1024))) {
            watcher.assign(List.of(Wire.partition(Wire.EVENTS, ID)));
            // The first round warms both up and does not count.
            for (int round = 0; round <= rounds; round++) {
                Map<TopicPartition, Long> before = ends();
                Place from = Place.now(wire, ID);
                double mine = ordered(orders, watcher, round);
                List<Transaction> written = Transactions.between(wire, from, Place.now(wire, ID));
                double theirs = copied(written, before, reader, copies, watcher);
                System.out.printf(
                        "  %s: %d commands in %d transactions: Respawn %,.0f/s, bare %,.0f/s, ratio %.2f%n",
                        round == 0 ? "warm-up" : "round " + round,
                        commands,
                        written.size(),
                        commands / mine,
                        commands / theirs,
                        theirs / mine);
                if (round > 0) {
                    ours.add(commands / mine);
                    bare.add(commands / theirs);
                    ratios.add(theirs / mine);
                    transactions += written.size();
                }
            }
        }
        double rejected = sidecar.metric("respawn_intents_ended_total");
        if (rejected != 0) {
            throw new IllegalStateException("Cannot count this: " + rejected + " orders ended, none should");
        }
        return report(new Figures(ours), new Figures(bare), new Figures(ratios), transactions / rounds);
    }

    private boolean report(Figures ours, Figures bare, Figures ratios, int transactions) {
        boolean kept = ratios.p50() >= PROMISE;
        System.out.printf(
                "accepted and recorded a second, medians; %d orders for %d services, %d transactions a round%n",
                commands, services, transactions);
        System.out.printf("%-40s %,10.0f%n", "Respawn", ours.p50());
        System.out.printf("%-40s %,10.0f%n", "bare kafka-clients", bare.p50());
        System.out.printf(
                "%-40s %10.2f   promised %.1f: %s%n", "ratio", ratios.p50(), PROMISE, kept ? "kept" : "BROKEN");
        return kept;
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        Stream.concat(Wire.commands().stream(), Stream.of(new TopicPartition(Wire.COMMANDS + ".broadcast", 0)))
                .forEach(partition -> ends.put(partition, wire.end(partition)));
        return ends;
    }

    /** Seconds from the commit of the orders to the last event. */
    private double ordered(Producer<byte[], byte[]> orders, Consumer<byte[], byte[]> watcher, int round) {
        watchFromNow(watcher);
        orders.beginTransaction();
        for (int i = 0; i < commands; i++) {
            String json = """
                    {"id":"order-%d-%d","action":"restart","service":"s%d","notBefore":"2100-01-01T00:00:00Z",\
                    "requestedBy":"the benchmark","reason":"new pages"}\
                    """.formatted(round, i, i % services);
            Wire.send(orders, new ProducerRecord<>(Wire.COMMANDS, Wire.bytes(ID), Wire.bytes(json)));
        }
        orders.flush();
        long begin = System.nanoTime();
        orders.commitTransaction();
        return awaitEvents(watcher, begin);
    }

    private double copied(
            List<Transaction> written,
            Map<TopicPartition, Long> offsets,
            Consumer<byte[], byte[]> reader,
            Producer<byte[], byte[]> copies,
            Consumer<byte[], byte[]> watcher) {
        List<List<ProducerRecord<byte[], byte[]>>> prepared = written.stream()
                .map(one -> Transactions.copy(one.records(), ID, BARE))
                .toList();
        watchFromNow(watcher);
        Thread loop = Thread.ofPlatform().name("bare-loop").unstarted(() -> {
            reader.assign(offsets.keySet());
            offsets.forEach(reader::seek);
            int read = 0;
            int due = 0;
            for (int i = 0; i < prepared.size(); i++) {
                due += written.get(i).commands();
                while (read < due) {
                    read += reader.poll(Duration.ofSeconds(1)).count();
                }
                copies.beginTransaction();
                prepared.get(i).forEach(entry -> Wire.send(copies, entry));
                copies.commitTransaction();
            }
        });
        long begin = System.nanoTime();
        loop.start();
        double seconds = awaitEvents(watcher, begin);
        try {
            loop.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Cannot wait for the bare loop", e);
        }
        return seconds;
    }

    private void watchFromNow(Consumer<byte[], byte[]> watcher) {
        watcher.assignment().forEach(partition -> watcher.seek(partition, wire.end(partition)));
        watcher.poll(Duration.ofMillis(50));
    }

    private double awaitEvents(Consumer<byte[], byte[]> watcher, long begin) {
        int seen = 0;
        while (seen < commands) {
            seen += watcher.poll(Duration.ofMillis(5)).count();
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IllegalStateException("Cannot see more than " + seen + " of " + commands + " events within "
                        + PATIENCE + ", log is " + sidecar.log());
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    @Override
    public void close() {
        sidecar.close();
        wire.close();
    }
}
