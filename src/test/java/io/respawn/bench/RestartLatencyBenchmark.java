package io.respawn.bench;

import io.respawn.core.Event;
import io.respawn.core.Event.ProcessExited;
import io.respawn.core.Event.ProcessSpawned;
import io.respawn.linux.Fifo;
import io.respawn.linux.Reactor;
import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.process.ChildOutput;
import io.respawn.process.ChildProcesses;
import io.respawn.process.OutputPolicies;
import io.respawn.process.SteadyClock;
import io.respawn.supervise.Statistics;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Measures the time from SIGKILL to the replacement's first instruction, ours against the JDK's ProcessBuilder with
 * {@code onExit}, in turns in one run. The child is a shell that writes a byte into a pipe and waits. Ends with 1 if ours is
 * slower in the median. The first argument is the number of rounds, 300 without one.
 */
public final class RestartLatencyBenchmark {

    private static final int WARM_UP = 30;

    private RestartLatencyBenchmark() {}

    /** Keeps one process running. */
    private interface Contender extends AutoCloseable {
        void start();

        long pid();

        @Override
        void close();
    }

    public static void main(String... arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
        Path directory = Files.createTempDirectory("respawn-bench-");
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        try (var stampsOfOurs = new Stamps(directory.resolve("ours"));
                var stampsOfTheirs = new Stamps(directory.resolve("theirs"));
                Contender first = new Ours(directory, stampsOfOurs.path());
                Contender second = new Theirs(stampsOfTheirs.path())) {
            first.start();
            stampsOfOurs.next();
            second.start();
            stampsOfTheirs.next();
            for (int round = -WARM_UP; round < rounds; round++) {
                double one = measure(first, stampsOfOurs);
                double other = measure(second, stampsOfTheirs);
                if (round >= 0) {
                    ours[round] = one;
                    theirs[round] = other;
                }
            }
        }
        double ratio = report(ours, theirs);
        if (ratio > 1) {
            System.out.println("slower than ProcessBuilder");
            System.exit(1);
        }
        System.exit(0);
    }

    private static double report(double[] ours, double[] theirs) {
        Arrays.sort(ours);
        Arrays.sort(theirs);
        System.out.printf("SIGKILL to the replacement running, ms, %d rounds each%n", ours.length);
        System.out.printf("%-26s %8s %8s %8s%n", "", "p50", "p90", "p99");
        print("Respawn", ours);
        print("ProcessBuilder + onExit", theirs);
        double ratio = at(ours, 0.5) / at(theirs, 0.5);
        System.out.printf("ratio of the medians %.2f%n", ratio);
        return ratio;
    }

    private static void print(String name, double[] sorted) {
        System.out.printf("%-26s %8.2f %8.2f %8.2f%n", name, at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99));
    }

    private static double at(double[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
    }

    /** Both are killed in the same way, by the JDK, and both tell by the same kind of pipe. */
    private static double measure(Contender contender, Stamps stamps) throws IOException {
        ProcessHandle victim = ProcessHandle.of(contender.pid()).orElseThrow();
        long before = System.nanoTime();
        victim.destroyForcibly();
        stamps.next();
        return (System.nanoTime() - before) / 1e6;
    }

    private static List<String> command(Path stamps) {
        return List.of("/bin/sh", "-c", "echo s > " + stamps + "; exec sleep 1000");
    }

    /** The pipe into which children write that they run. */
    private static final class Stamps implements AutoCloseable {
        private final Path path;
        private final Fifo.End held;
        private final FileInputStream in;

        Stamps(Path path) throws IOException {
            this.path = path;
            Fifo.create(path);
            this.held = Fifo.writeEnd(path);
            this.in = new FileInputStream(path.toFile());
        }

        Path path() {
            return path;
        }

        void next() throws IOException {
            if (in.read() != 's' || in.read() != '\n') {
                throw new IOException("Cannot read the stamp of the child from " + path);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
            held.close();
            Files.delete(path);
        }
    }

    /** The loop with the children, and a policy that restarts at once. */
    private static final class Ours implements Contender {
        private final Reactor reactor = new Reactor(Throwable::printStackTrace);
        private final Thread loop = new Thread(reactor::run, "loop");
        private final InstanceId instance;
        private final ServiceSpec spec;
        /** What is shown does not matter here. */
        private record Labels() implements OutputPolicies {
            @Override
            public String label(InstanceId instance) {
                return instance.toString();
            }

            @Override
            public OutputPolicy policy(InstanceId instance) {
                return OutputPolicy.DEFAULT;
            }
        }

        private final ChildOutput output;
        private final ChildProcesses children;
        private volatile CompletableFuture<Integer> present = new CompletableFuture<>();

        Ours(Path directory, Path stamps) {
            this.spec = ServiceSpec.of(new ServiceName("bench"), command(stamps));
            this.instance = new InstanceId(spec.name(), 0);
            var statistics = new Statistics();
            this.output = new ChildOutput(
                    Optional.of(directory),
                    OutputStream.nullOutputStream(),
                    new Labels(),
                    new SteadyClock(),
                    statistics,
                    event -> {});
            this.children = new ChildProcesses(
                    new SidecarId("bench"),
                    reactor,
                    this::restart,
                    note -> {},
                    output,
                    statistics,
                    directory,
                    Map.copyOf(System.getenv()),
                    spec -> Map.of());
        }

        private void restart(Event event) {
            switch (event) {
                case ProcessExited exited -> {
                    present = new CompletableFuture<>();
                    children.spawn(spec, instance, exited.incarnation() + 1, Optional.empty());
                }
                case ProcessSpawned spawned ->
                    present.complete(spawned.process().pid());
                default -> throw new IllegalStateException("Cannot go on: " + event);
            }
        }

        @Override
        public void start() {
            reactor.execute(() -> children.spawn(spec, instance, 1, Optional.empty()));
            loop.start();
        }

        @Override
        public long pid() {
            return present.orTimeout(10, TimeUnit.SECONDS).join();
        }

        @Override
        public void close() {
            reactor.execute(() -> children.close(false));
            reactor.stop();
            try {
                loop.join(10_000);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException("Cannot end the loop", interrupted);
            }
            reactor.close();
            output.close();
        }
    }

    /** What a Java program does that has no such loop. */
    private static final class Theirs implements Contender {
        private final ProcessBuilder builder;
        private volatile CompletableFuture<Process> present = new CompletableFuture<>();
        private volatile boolean closed;

        Theirs(Path stamps) {
            this.builder = new ProcessBuilder(command(stamps))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectErrorStream(true);
        }

        @Override
        public void start() {
            try {
                Process process = builder.start();
                present.complete(process);
                process.onExit().thenRun(this::restart).exceptionally(failed -> {
                    present.completeExceptionally(failed);
                    return null;
                });
            } catch (IOException failed) {
                present.completeExceptionally(failed);
            }
        }

        private void restart() {
            if (!closed) {
                present = new CompletableFuture<>();
                start();
            }
        }

        @Override
        public long pid() {
            return present.orTimeout(10, TimeUnit.SECONDS).join().pid();
        }

        @Override
        public void close() {
            closed = true;
            present.join().destroyForcibly();
        }
    }
}
