package io.respawn.bench;

import io.respawn.linux.BootClock;
import io.respawn.linux.Epoll;
import io.respawn.linux.Executables;
import io.respawn.linux.Reactor;
import io.respawn.linux.Spawn;
import io.respawn.linux.SpawnRequest;
import io.respawn.linux.SpawnRequest.Stream.Discarded;
import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.linux.TimerFd;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Measures how late 200 restarts come after their backoff of 500 ms when all services end at once and both processors are
 * busy, beside a bare program in the same run, under the same load, in turns.
 *
 * <p>Ours is the whole core with journal and real processes. Measured from the deadline (the moment at which the loop learnt
 * of the exit, plus 500 ms, no jitter):
 *
 * <ul>
 *   <li>handler: until the timer's handler runs on the loop
 *   <li>decision: until the loop has decided on the start, journaled it and orders it
 *   <li>start: until the process is there
 * </ul>
 *
 * <p>The bare program is one thread with an epoll and a timer descriptor for each of the very same 200 deadlines, shifted to
 * its turn. First its handlers do nothing but look at the clock, beside which our handler and our decision are put; then they
 * start the same program by the same {@code posix_spawn}, without pipes, note and all else, beside which our start is put.
 * Ends with 1 if a median or a 99th percentile of our handlers or starts is more than twice that of the bare program; the
 * decision is shown for what the journal costs. The first argument is the number of rounds, 10 without one.
 */
public final class LatenessBenchmark {

    private static final int SERVICES = 200;
    private static final Duration DELAY = Duration.ofMillis(500);
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
        int seconds = 30 + rounds * 15;
        return new ProcessBuilder("sh", "-c", "ulimit -t " + seconds + "; while :; do :; done").start();
    }

    private static boolean measure(int rounds, Path directory) throws Exception {
        List<Long> ourHandlers = new ArrayList<>();
        List<Long> ourDecisions = new ArrayList<>();
        List<Long> ourStarts = new ArrayList<>();
        List<Long> bareHandlers = new ArrayList<>();
        List<Long> bareStarts = new ArrayList<>();
        try (LiveCore core = new LiveCore(plan(), directory)) {
            List<Note> running = core.await(What.STARTED, 1, SERVICES, PATIENCE);
            // The first round warms both up and does not count.
            for (int round = 0; round <= rounds; round++) {
                long incarnation = round + 2L;
                running.forEach(note -> ProcessHandle.of(note.pid()).ifPresent(ProcessHandle::destroyForcibly));
                running = core.await(What.STARTED, incarnation, SERVICES, PATIENCE);
                Map<InstanceId, Note> deadlines = byInstance(core, What.DEADLINE, incarnation);
                List<Long> due = lateness(byInstance(core, What.DUE, incarnation), deadlines);
                List<Long> decisions = lateness(byInstance(core, What.RELEASED, incarnation), deadlines);
                List<Long> starts = lateness(byInstance(core, What.STARTED, incarnation), deadlines);
                long[] offsets = offsets(deadlines);
                List<Long> handlers = bare(offsets, deadline -> {});
                List<Long> spawns;
                try (Starter starter = new Starter()) {
                    spawns = bare(offsets, deadline -> starter.start());
                }
                if (round > 0) {
                    ourHandlers.addAll(due);
                    ourDecisions.addAll(decisions);
                    ourStarts.addAll(starts);
                    bareHandlers.addAll(handlers);
                    bareStarts.addAll(spawns);
                }
                core.notes().clear();
            }
        }
        System.out.printf("lateness after a backoff of 500 ms, ms, %d restarts each%n", ourStarts.size());
        System.out.printf("%-30s %8s %8s%n", "", "p50", "p99");
        boolean handled = compare("handler", ourHandlers, bareHandlers);
        boolean started = compare("start", ourStarts, bareStarts);
        print("decision, Respawn", millis(ourDecisions));
        return handled && started;
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

    /** What the bare program does at a deadline. */
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
                handler.due(begin + offset);
                lateness.add(BootClock.nanos() - begin - offset);
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

    /** Starts the program of the services, and ends what it started. */
    private static final class Starter implements AutoCloseable {
        private final List<String> environment = System.getenv().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        private final Path root = Path.of("/");
        private final List<Spawned> children = new ArrayList<>();
        private final Path program =
                Executables.find(COMMAND.getFirst(), environment, root) instanceof Executables.Resolution.Found found
                        ? found.executable()
                        : Path.of("/bin/sleep");

        void start() {
            var request = new SpawnRequest(program, COMMAND, environment, root, new Discarded(), new Discarded());
            if (!(Spawn.spawn(request) instanceof Spawned spawned)) {
                throw new IllegalStateException("Cannot start " + program);
            }
            children.add(spawned);
        }

        @Override
        public void close() {
            for (Spawned child : children) {
                child.pidfd().signal(io.respawn.linux.Signals.SIGKILL);
                while (io.respawn.linux.Waiter.reap(child.pidfd()) instanceof io.respawn.linux.Waiter.Answer.Running) {
                    Thread.onSpinWait();
                }
                child.pidfd().close();
            }
        }
    }

    private static boolean compare(String what, List<Long> ours, List<Long> bare) {
        double[] our = millis(ours);
        double[] their = millis(bare);
        print(what + ", Respawn", our);
        print(what + ", bare timerfd", their);
        double middle = at(our, 0.5) / at(their, 0.5);
        double end = at(our, 0.99) / at(their, 0.99);
        boolean kept = middle <= 2 && end <= 2;
        System.out.printf(
                "%-30s %8.2f %8.2f   promised 2: %s%n", what + ", ratio", middle, end, kept ? "kept" : "BROKEN");
        return kept;
    }

    private static void print(String what, double[] sorted) {
        System.out.printf("%-30s %8.2f %8.2f%n", what, at(sorted, 0.5), at(sorted, 0.99));
    }

    private static double[] millis(List<Long> nanos) {
        return nanos.stream().mapToDouble(value -> value / 1e6).sorted().toArray();
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
