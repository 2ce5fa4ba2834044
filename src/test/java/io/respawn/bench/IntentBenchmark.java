package io.respawn.bench;

import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Measures orders by Kafka, with the packaged sidecar and a real broker on the loopback address, each figure beside bare
 * kafka-clients in the same run: how many are accepted a second, how long a restart takes from order to outcome, and how
 * long the state takes to be read again. Ends with 1 if a promise is broken.
 *
 * <p>Arguments are the parts to be run, all of them without any: {@code acceptance}, {@code latency}, {@code restore}.
 */
public final class IntentBenchmark {

    /** Held, so that its level stays. */
    private static final Logger CLIENT_LOG = Logger.getLogger("org.apache.kafka");

    private IntentBenchmark() {}

    public static void main(String... arguments) throws IOException {
        CLIENT_LOG.setLevel(Level.SEVERE);
        List<String> parts = arguments.length > 0 ? List.of(arguments) : List.of("acceptance", "latency", "restore");
        if (!Files.isExecutable(Path.of(System.getProperty("respawn.home"), "bin/respawn"))) {
            System.err.println("Cannot measure a sidecar that is not there: build it with ./mvnw -Dquickly");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("respawn-bench-");
        boolean kept = true;
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"))) {
            String bootstrap = broker.bootstrap();
            if (parts.contains("acceptance")) {
                System.out.println("orders accepted");
                try (AcceptanceBench bench = new AcceptanceBench(folder, bootstrap, 100, 5_000)) {
                    kept &= bench.measure(4);
                }
            }
            if (parts.contains("latency")) {
                System.out.println("restarts by order");
                try (LatencyBench bench = new LatencyBench(folder, bootstrap)) {
                    kept &= bench.measure();
                }
            }
            if (parts.contains("restore")) {
                System.out.println("state restored");
                try (RestoreBench bench = new RestoreBench(folder, bootstrap, 10_000, 10_000)) {
                    kept &= bench.measure(3);
                }
            }
        } finally {
            remove(folder);
        }
        System.exit(kept ? 0 : 1);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot delete " + file, e);
                }
            });
        }
    }
}
