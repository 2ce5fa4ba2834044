package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a process holds that a program of ours can have opened or started, and how many of each kind; what a JVM or a framework
 * opens by itself, such as jars and compilers, is not in it.
 */
record Holdings(Map<String, Long> threads, Map<String, Long> descriptors) {

    /** Fewer than one kept back by each of the reloads between two readings. */
    private static final long COME_AND_GO = 5;

    static Holdings of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        return new Holdings(
                counted(
                        process.resolve("task"),
                        task -> Files.readString(task.resolve("comm")).strip().replaceAll("[0-9]+", "N"),
                        "(respawn-|kafka-|vert\\.x-|smallrye-|shutdown).*"),
                counted(
                        process.resolve("fd"),
                        fd -> Files.readSymbolicLink(fd).toString().replaceAll("[0-9]+", "N"),
                        "(anon_inode|socket|pipe|/memfd|/dev/null|/.*/state/).*"));
    }

    /** As many of each; but for those of processes and connections, which come and go, and may be a few more or less. */
    void assertNoMoreThan(Holdings before) {
        assertThat(threads).isEqualTo(before.threads);
        assertThat(lasting()).isEqualTo(before.lasting());
        assertThat(passing()).isLessThanOrEqualTo(before.passing() + COME_AND_GO);
    }

    private Map<String, Long> lasting() {
        Map<String, Long> lasting = new TreeMap<>(descriptors);
        lasting.keySet().removeIf(Holdings::passes);
        return lasting;
    }

    private long passing() {
        return descriptors.entrySet().stream()
                .filter(each -> passes(each.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static boolean passes(String descriptor) {
        return descriptor.contains("[pidfd]") || descriptor.startsWith("socket");
    }

    private interface Reading {
        String of(Path entry) throws IOException;
    }

    /** Sockets and selectors come and go with requests and connections to brokers; that they do not grow is seen by their number. */
    private static Map<String, Long> counted(Path directory, Reading reading, String ours) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> read(entry, reading))
                    .flatMap(Optional::stream)
                    .filter(name -> name.matches(ours))
                    .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        }
    }

    private static Optional<String> read(Path entry, Reading reading) {
        try {
            return Optional.of(reading.of(entry));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
