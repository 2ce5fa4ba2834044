package io.respawn.bench;

import io.respawn.linux.BootClock;
import io.respawn.linux.Epoll;
import io.respawn.linux.Executables;
import io.respawn.linux.Reactor;
import io.respawn.linux.Signals;
import io.respawn.linux.Spawn;
import io.respawn.linux.SpawnRequest;
import io.respawn.linux.SpawnRequest.Stream.Discarded;
import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.linux.TimerFd;
import io.respawn.linux.Waiter;
import io.respawn.model.Backoff;
import io.respawn.model.Budget;
import io.respawn.model.InstanceId;
import io.respawn.model.Plan;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.testing.LiveCore;
import io.respawn.testing.LiveCore.Note;
import io.respawn.testing.LiveCore.What;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Measures how late 200 restarts come after their backoff of 500 ms when both processors are busy, beside a bare program in
 * the same run, under the same load, in turns; first with services that end one after another, 10 ms apart, then with
 * services that all end at once.
 *
 * <p>Ours is the whole core with journal and real processes. Measured from the deadline (the moment at which the loop learnt
 * of the exit, plus 500 ms, no jitter):
 *
 * <ul>
 *   <li>noticed: until the timer's handler runs on the loop
 *   <li>decided: until the loop has decided on the start, journaled it and orders it
 *   <li>started: until the process is there
 * </ul>
 *
 * <p>The bare program is one thread with an epoll and a timer descriptor for each of the very same 200 deadlines, shifted to
 * its turn. Its handlers look at the clock and have two threads, as many as we have, start the same program by the same
 * {@code posix_spawn}, without pipes, note and all else. Then it runs again with handlers that do nothing more than to look
 * at the clock, while nothing is started: what can be had at best.
 *
 * <p>Ends with 1 if a median or a 99th percentile of ours is more than twice that of the bare program: started, in both
 * forms; noticed, one after another beside the program that does nothing, and all at once beside the one that starts. All at
 * once beside the one that does nothing is printed and not judged: what is due first is being started while the rest becomes
 * due. The first argument is the number of rounds, 10 without one.
 */
public final class LatenessBenchmark {

    private static final int SERVICES = 200;
    private static final Duration DELAY = Duration.ofMillis(500);
    private static final Duration APART = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> COMMAND = List.of("sleep", "1000");

    private LatenessBenchmark() {}

    public static void main(String... arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        Path directory = Files.createTempDirectory("respawn-bench-");
        List<Process> load = new ArrayList<>();
        boolean kept;
        try {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                load.add(busy(rounds));
            }
            kept = measure(rounds, directory);
        } finally {
            load.forEach(Process::destroyForcibly);
            remove(directory);
        }
        System.exit(kept ? 0 : 1);
    }

    /** Has only so much processor time, should nobody come to end it. */
    private static Process busy(int rounds) throws IOException {
        int seconds = 30 + rounds * 30;
        return new ProcessBuilder("sh", "-c", "ulimit -t " + seconds + "; while :; do :; done").start();
    }

    /** The lateness of all rounds, by its name. */
    private static final class Figures {
        private final Map<String, List<Long>> all = new LinkedHashMap<>();

        void add(String name, List<Long> lateness) {
            all.computeIfAbsent(name, first -> new ArrayList<>()).addAll(lateness);
        }

        double[] millis(String name) {
            return all.getOrDefault(name, List.of()).stream()
                    .mapToDouble(value -> value / 1e6)
                    .sorted()
                    .toArray();
        }
    }

    private static boolean measure(int rounds, Path directory) throws Exception {
        Figures apart = new Figures();
        Figures together = new Figures();
        try (LiveCore core = new LiveCore(plan(), directory)) {
            core.await(What.STARTED, 1, SERVICES, PATIENCE);
            // The first round warms both up and does not count.
            round(core, 2, Duration.ZERO, new Figures());
            for (int round = 1; round <= rounds; round++) {
                round(core, 2L * round + 1, APART, apart);
                round(core, 2L * round + 2, Duration.ZERO, together);
            }
        }
        System.out.printf("lateness after a backoff of 500 ms, ms, %d restarts each%n", rounds * SERVICES);
        print("one after another, " + APART.toMillis() + " ms apart", apart);
        boolean kept = compare("noticed", apart, "Respawn NOTICED", "idle NOTICED");
        ratio("noticed, to one that starts", apart, "Respawn NOTICED", "bare NOTICED");
        kept &= compare("started", apart, "Respawn STARTED", "bare STARTED");
        print("all at once", together);
        kept &= compare("noticed", together, "Respawn NOTICED", "bare NOTICED");
        kept &= compare("started", together, "Respawn STARTED", "bare STARTED");
        ratio("noticed, to one that does nothing", together, "Respawn NOTICED", "idle NOTICED");
        return kept;
    }

    /** Has all services end so far apart, waits for the next of each, and then for the bare program's deadlines. */
    private static void round(LiveCore core, long incarnation, Duration apart, Figures figures) throws Exception {
        List<Note> running = core.await(What.STARTED, incarnation - 1, SERVICES, PATIENCE);
        core.notes().clear();
        long next = System.nanoTime();
        for (Note note : running) {
            while (next - System.nanoTime() > 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            ProcessHandle.of(note.pid()).ifPresent(ProcessHandle::destroyForcibly);
            next += apart.toNanos();
        }
        core.await(What.STARTED, incarnation, SERVICES, PATIENCE);
        Map<InstanceId, Note> deadlines = byInstance(core, What.DEADLINE, incarnation);
        for (What what : List.of(What.NOTICED, What.DECIDED, What.STARTED)) {
            figures.add("Respawn " + what, lateness(byInstance(core, what, incarnation), deadlines));
        }
        long[] offsets = offsets(deadlines);
        figures.add("idle NOTICED", bare(offsets, deadline -> {}));
        try (Starter starter = new Starter(offsets.length)) {
            figures.add("bare NOTICED", bare(offsets, starter::order));
            figures.add("bare STARTED", starter.lateness());
        }
    }

    private static Plan plan() {
        Backoff backoff = new Backoff(DELAY, 1.0, DELAY, 0.0, Duration.ofHours(1));
        RestartPolicy policy = new RestartPolicy(RestartPolicy.Mode.ALWAYS, Set.of(0), backoff);
        SortedMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        for (int i = 0; i < SERVICES; i++) {
            ServiceName name = new ServiceName("s" + i);
            services.put(name, ServiceSpec.of(name, COMMAND).with(policy));
        }
        Budget open = new Budget(100_000, Duration.ofSeconds(1), 100_000, 100_000);
        return new Plan(new SidecarId("bench"), Map.of(), open, services);
    }

    private static Map<InstanceId, Note> byInstance(LiveCore core, What what, long incarnation) {
        Map<InstanceId, Note> found = new HashMap<>();
        core.notes().stream()
                .filter(note -> note.what() == what && note.incarnation() == incarnation)
                .forEach(note -> found.put(note.instance(), note));
        if (found.size() != SERVICES) {
            throw new IllegalStateException("Cannot find " + SERVICES + " instances " + what + ": " + found.size());
        }
        return found;
    }

    private static List<Long> lateness(Map<InstanceId, Note> done, Map<InstanceId, Note> deadlines) {
        return done.values().stream()
                .map(note -> Duration.between(deadlines.get(note.instance()).at(), note.at())
                        .toNanos())
                .toList();
    }

    /** How the deadlines lie from the first on. */
    private static long[] offsets(Map<InstanceId, Note> deadlines) {
        Note first =
                deadlines.values().stream().min(Comparator.comparing(Note::at)).orElseThrow();
        return deadlines.values().stream()
                .mapToLong(note -> Duration.between(first.at(), note.at()).toNanos())
                .sorted()
                .toArray();
    }

    /** What the bare program does at a deadline, once it has looked at the clock. */
    private interface Handler {
        void due(long deadline);
    }

    private static List<Long> bare(long[] offsets, Handler handler) throws InterruptedException {
        List<Long> lateness = new ArrayList<>();
        List<TimerFd> timers = new ArrayList<>();
        Reactor reactor = new Reactor(Throwable::printStackTrace);
        long begin = BootClock.nanos() + DELAY.toNanos();
        for (long offset : offsets) {
            TimerFd timer = new TimerFd();
            timers.add(timer);
            timer.arm(begin + offset);
            reactor.watch(timer.fd(), Epoll.IN, events -> {
                timer.drain();
                lateness.add(BootClock.nanos() - begin - offset);
                handler.due(begin + offset);
                if (lateness.size() == offsets.length) {
                    reactor.stop();
                }
            });
        }
        Thread thread = Thread.ofPlatform().name("bare-loop").start(reactor::run);
        thread.join(PATIENCE.toMillis());
        if (thread.isAlive()) {
            throw new IllegalStateException("Cannot see all timers fire: " + lateness.size());
        }
        reactor.close();
        timers.forEach(TimerFd::close);
        return lateness;
    }

    /** Two threads that start the program of the services, and end what they started. */
    private static final class Starter implements AutoCloseable {
        private final List<String> environment = System.getenv().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        private final Path root = Path.of("/");
        private final Path program =
                Executables.find(COMMAND.getFirst(), environment, root) instanceof Executables.Resolution.Found found
                        ? found.executable()
                        : Path.of("/bin/sleep");
        private final Queue<Spawned> children = new ConcurrentLinkedQueue<>();
        private final Queue<Long> lateness = new ConcurrentLinkedQueue<>();
        private final ExecutorService threads = Executors.newFixedThreadPool(2);
        private final CountDownLatch missing;

        Starter(int count) {
            missing = new CountDownLatch(count);
        }

        void order(long deadline) {
            threads.execute(() -> {
                var request = new SpawnRequest(program, COMMAND, environment, root, new Discarded(), new Discarded());
                if (Spawn.spawn(request) instanceof Spawned spawned) {
                    lateness.add(BootClock.nanos() - deadline);
                    children.add(spawned);
                    missing.countDown();
                }
            });
        }

        /** Of all, as soon as all are there. */
        List<Long> lateness() throws InterruptedException {
            if (!missing.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("Cannot start " + program + ": " + missing.getCount() + " are missing");
            }
            return List.copyOf(lateness);
        }

        @Override
        public void close() {
            threads.shutdownNow();
            for (Spawned child : children) {
                child.pidfd().signal(Signals.SIGKILL);
                while (Waiter.reap(child.pidfd()) instanceof Waiter.Answer.Running) {
                    Thread.onSpinWait();
                }
                child.pidfd().close();
            }
        }
    }

    private static boolean compare(String what, Figures figures, String ours, String theirs) {
        double[] our = figures.millis(ours);
        double[] their = figures.millis(theirs);
        boolean kept = at(our, 0.5) <= 2 * at(their, 0.5) && at(our, 0.99) <= 2 * at(their, 0.99);
        ratio(what + (kept ? ", at most 2: kept" : ", at most 2: BROKEN"), figures, ours, theirs);
        return kept;
    }

    private static void ratio(String what, Figures figures, String ours, String theirs) {
        double[] our = figures.millis(ours);
        double[] their = figures.millis(theirs);
        System.out.printf(
                "%-42s %8.2f %8.2f%n", "x " + what, at(our, 0.5) / at(their, 0.5), at(our, 0.99) / at(their, 0.99));
    }

    private static void print(String form, Figures figures) {
        System.out.printf("%n%-42s %8s %8s%n", form, "p50", "p99");
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("Respawn NOTICED", "noticed, Respawn");
        rows.put("Respawn DECIDED", "decided, Respawn");
        rows.put("Respawn STARTED", "started, Respawn");
        rows.put("bare NOTICED", "noticed, bare timerfd that starts");
        rows.put("bare STARTED", "started, bare timerfd that starts");
        rows.put("idle NOTICED", "noticed, bare timerfd that does nothing");
        rows.forEach((name, words) -> {
            double[] sorted = figures.millis(name);
            System.out.printf("%-42s %8.2f %8.2f%n", words, at(sorted, 0.5), at(sorted, 0.99));
        });
    }

    private static double at(double[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
