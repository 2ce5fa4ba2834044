package io.respawn.bench;

import io.respawn.bench.Transactions.Place;
import io.respawn.system.RunningSidecar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * How long a restart by order takes, from just before its command is sent until a reader has the event that says
 * {@code succeeded}, beside what cannot be spared: three transactions with the records of such an order, each from its
 * begin to the end of its commit, and the same process stopped and started by a bare {@code posix_spawn}. At 100 orders a
 * second the bare side has its turns while orders come in, ten a second, since a machine with work is to be compared with
 * the same machine; what it takes with nothing beside it is printed too.
 */
final class LatencyBench implements AutoCloseable {

    private static final String ID = "bench-timing";
    private static final String BARE = "bench-copied";
    private static final int SERVICES = 200;
    private static final int SLOW_ORDERS = 20;
    private static final int FAST_ORDERS = 200;
    private static final int FAST_TURNS = 5;

    /** Until the methods of both sides are compiled. */
    private static final int WARMING_ORDERS = 1500;

    private static final Duration BARE_PACE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final double PROMISE = 1.5;

    private final Wire wire;
    private final RunningSidecar sidecar;
    private final Bounce bounce = new Bounce();
    private int orders;

    /** What one restart wrote, as three transactions would. */
    private record Shares(List<List<ConsumerRecord<byte[], byte[]>>> all) {}

    /** What the bare side took, in milliseconds. */
    private record Bare(List<Double> trips, List<Double> bounces) {
        Bare() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    LatencyBench(Path folder, String bootstrap) {
        wire = new Wire(bootstrap);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SERVICES; i++) {
            text.append("s").append(i).append(": { command: [ sleep, \"86421\" ] }\n");
        }
        sidecar = new RunningSidecar(folder, ID, text.toString())
                .with("KAFKA_BOOTSTRAP_SERVERS", bootstrap)
                .with("RESPAWN_BUDGET_PERMITS", "100000")
                .with("RESPAWN_BUDGET_BURST", "100000")
                .with("RESPAWN_BUDGET_MAX_STARTING", "1000")
                .start()
                .awaitReady();
    }

    /** Whether the promise is kept. */
    boolean measure() {
        try (Producer<byte[], byte[]> producer = wire.producer();
                Producer<byte[], byte[]> copies = wire.producer(BARE);
                Consumer<byte[], byte[]> reader = wire.consumer(Map.of())) {
            reader.assign(List.of(Wire.partition(Wire.EVENTS, ID)));
            reader.seek(Wire.partition(Wire.EVENTS, ID), wire.end(Wire.partition(Wire.EVENTS, ID)));
            Shares shares = shares(producer, reader);
            // Warms both up and does not count.
            timed(producer, reader, WARMING_ORDERS, Duration.ofMillis(10));
            trips(copies, shares, 100, new Bare());

            List<Double> slow = new ArrayList<>();
            Bare calm = new Bare();
            for (int i = 0; i < SLOW_ORDERS; i++) {
                long begin = System.nanoTime();
                slow.addAll(timed(producer, reader, 1, Duration.ZERO));
                pause(begin, Duration.ofMillis(500));
                trips(copies, shares, 1, calm);
                pause(begin, Duration.ofSeconds(1));
            }
            System.out.println("  at 1 a second: done");
            List<Double> fast = new ArrayList<>();
            Bare busy = new Bare();
            Bare alone = new Bare();
            for (int turn = 0; turn < FAST_TURNS; turn++) {
                Thread beside = Thread.ofPlatform().name("bare").start(() -> paced(copies, shares, busy));
                fast.addAll(timed(producer, reader, FAST_ORDERS, Duration.ofMillis(10)));
                join(beside);
                trips(copies, shares, 20, alone);
            }
            System.out.println("  at 100 a second: done");
            boolean calmKept = report("1", slow, calm);
            boolean busyKept = report("100", fast, busy);
            System.out.printf(
                    "%-40s %10.2f %10.2f%n",
                    "three bare transactions, nothing beside",
                    new Figures(alone.trips()).p50(),
                    new Figures(alone.trips()).p99());
            return calmKept && busyKept;
        }
    }

    private static boolean report(String rate, List<Double> ours, Bare bare) {
        Figures order = new Figures(ours);
        Figures trips = new Figures(bare.trips());
        Figures bounces = new Figures(bare.bounces());
        double limit = PROMISE * trips.p50() + bounces.p50();
        boolean kept = order.p50() <= limit;
        System.out.printf("restart by order at %s a second, ms, %d orders%n", rate, ours.size());
        System.out.printf("%-40s %10s %10s%n", "", "p50", "p99");
        System.out.printf("%-40s %10.2f %10.2f%n", "Respawn, command to succeeded", order.p50(), order.p99());
        System.out.printf("%-40s %10.2f %10.2f%n", "three bare transactions", trips.p50(), trips.p99());
        System.out.printf("%-40s %10.2f %10.2f%n", "bare stop and start", bounces.p50(), bounces.p99());
        System.out.printf(
                "%-40s %10.2f            promised %.1f: %s%n",
                "ratio without stop and start",
                (order.p50() - bounces.p50()) / trips.p50(),
                PROMISE,
                kept ? "kept" : "BROKEN");
        return kept;
    }

    /** Sends so many orders at this pace and answers with what each took, in milliseconds. */
    private List<Double> timed(
            Producer<byte[], byte[]> producer, Consumer<byte[], byte[]> reader, int count, Duration pace) {
        Map<String, Integer> sent = new HashMap<>();
        List<Double> taken = new ArrayList<>();
        List<String> ids = IntStream.range(orders, orders + count)
                .mapToObj(i -> "restart-" + i)
                .toList();
        int first = orders;
        orders += count;
        AtomicLongArray begins = new AtomicLongArray(count);
        Thread sender = Thread.ofPlatform().name("orders").start(() -> {
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                pause(begin, pace.multipliedBy(i));
                begins.set(i, System.nanoTime());
                Wire.send(producer, order(ids.get(i), (first + i) % SERVICES));
            }
        });
        for (int i = 0; i < count; i++) {
            sent.put(ids.get(i), i);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!sent.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> event : reader.poll(Duration.ofMillis(100))) {
                long now = System.nanoTime();
                String type = header(event, "ce_type");
                boolean succeeded = type.equals("io.respawn.intent.succeeded.v1");
                // On a machine that hangs for seconds one may overtake the next for the same service.
                if (succeeded || type.equals("io.respawn.intent.coalesced.v1")) {
                    Integer index = sent.remove(header(event, "ce_id").split("/", 2)[0]);
                    if (index != null && succeeded) {
                        taken.add((now - begins.get(index)) / 1e6);
                    }
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Cannot see the success of " + sent.keySet() + " within " + PATIENCE
                        + ", log is " + sidecar.log());
            }
        }
        join(sender);
        return taken;
    }

    private static ProducerRecord<byte[], byte[]> order(String id, int service) {
        String json = "{\"id\":\"" + id + "\",\"action\":\"restart\",\"service\":\"s" + service + "\"}";
        return new ProducerRecord<>(Wire.COMMANDS, Wire.bytes(ID), Wire.bytes(json));
    }

    /** Carries out one order, and divides what was written for it by what it tells. */
    private Shares shares(Producer<byte[], byte[]> producer, Consumer<byte[], byte[]> reader) {
        Place from = Place.now(wire, ID);
        timed(producer, reader, 1, Duration.ZERO);
        Place to = Place.now(wire, ID);
        var events = wire.read(from.events(), from.eventsOffset(), to.eventsOffset());
        var state = wire.read(from.state(), from.stateOffset(), to.stateOffset());
        ConsumerRecord<byte[], byte[]> ledger =
                last(state, entry -> Wire.text(entry.key()).equals(ID));
        ConsumerRecord<byte[], byte[]> intent =
                last(state, entry -> Wire.text(entry.key()).contains("/intent/"));
        ConsumerRecord<byte[], byte[]> service =
                last(state, entry -> Wire.text(entry.key()).contains("/service/"));
        return new Shares(List.of(
                List.of(said(events, "io.respawn.intent.accepted.v1"), intent, ledger),
                List.of(said(events, "io.respawn.intent.started.v1"), intent, ledger),
                List.of(
                        said(events, "io.respawn.service.started.v1"),
                        said(events, "io.respawn.intent.succeeded.v1"),
                        intent,
                        service,
                        ledger)));
    }

    private static ConsumerRecord<byte[], byte[]> said(Collection<ConsumerRecord<byte[], byte[]>> events, String type) {
        return last(events, event -> header(event, "ce_type").equals(type));
    }

    private static ConsumerRecord<byte[], byte[]> last(
            Collection<ConsumerRecord<byte[], byte[]>> all, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        return all.stream().filter(wanted).reduce((older, newer) -> newer).orElseThrow();
    }

    private void trips(Producer<byte[], byte[]> copies, Shares shares, int count, Bare bare) {
        for (int i = 0; i < count; i++) {
            List<List<ProducerRecord<byte[], byte[]>>> prepared = shares.all().stream()
                    .map(records -> Transactions.copy(records, ID, BARE))
                    .toList();
            long begin = System.nanoTime();
            for (List<ProducerRecord<byte[], byte[]>> records : prepared) {
                copies.beginTransaction();
                records.forEach(entry -> Wire.send(copies, entry));
                copies.commitTransaction();
            }
            bare.trips().add((System.nanoTime() - begin) / 1e6);
            bare.bounces().add(bounce.once().toNanos() / 1e6);
        }
    }

    /** Now and then while orders come in, so that both sides have the same machine. */
    private void paced(Producer<byte[], byte[]> copies, Shares shares, Bare bare) {
        long begin = System.nanoTime();
        Duration lasts = Duration.ofMillis(10L * FAST_ORDERS);
        for (Duration at = BARE_PACE; at.compareTo(lasts) < 0; at = at.plus(BARE_PACE)) {
            pause(begin, at);
            trips(copies, shares, 1, bare);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> entry, String name) {
        return Wire.text(entry.headers().lastHeader(name).value());
    }

    private static void pause(long begin, Duration until) {
        for (long left = begin + until.toNanos() - System.nanoTime();
                left > 0;
                left = begin + until.toNanos() - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void join(Thread sender) {
        try {
            sender.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Cannot wait for the sender", e);
        }
    }

    @Override
    public void close() {
        bounce.close();
        sidecar.close();
        wire.close();
    }
}
