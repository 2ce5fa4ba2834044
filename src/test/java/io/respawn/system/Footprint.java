package io.respawn.system;

import static org.awaitility.Awaitility.await;

import io.respawn.linux.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a process holds. */
record Footprint(long threads, long descriptors, long residentKib) {

    private static final Duration WINDOW = Duration.ofSeconds(4);

    static Footprint of(long pid) throws IOException {
        String resident = ProcFs.status((int) pid).orElseThrow().get("VmRSS");
        return new Footprint(
                count("/proc/" + pid + "/task"),
                count("/proc/" + pid + "/fd"),
                Long.parseLong(resident.replace("kB", "").strip()));
    }

    /**
     * What it usually holds within a while: some come and go with each service that ends, so that most and least depend on
     * which of those moments coincide; of what is in between, one that leaked would be seen.
     */
    static Footprint usual(long pid) {
        List<Footprint> all = new ArrayList<>();
        Instant end = Instant.now().plus(WINDOW);
        await("a while")
                .atMost(WINDOW.multipliedBy(3))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    all.add(of(pid));
                    return Instant.now().isAfter(end);
                });
        return new Footprint(
                median(all, Footprint::threads),
                median(all, Footprint::descriptors),
                median(all, Footprint::residentKib));
    }

    /** As the kernel has them, cut off after 15 characters; those of a pool one by one. */
    static List<String> threadNames(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            List<String> names = new ArrayList<>();
            for (Path task : (Iterable<Path>) tasks::iterator) {
                Path name = task.resolve("comm");
                if (Files.exists(name)) {
                    names.add(Files.readString(name).strip());
                }
            }
            return names.stream().sorted().toList();
        }
    }

    private static long median(List<Footprint> all, ToLongFunction<Footprint> figure) {
        return all.stream()
                .mapToLong(figure)
                .sorted()
                .skip(all.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    static double meanResident(List<Footprint> some) {
        return some.stream().mapToLong(Footprint::residentKib).average().orElseThrow();
    }

    private static long count(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(directory))) {
            return entries.count();
        }
    }
}
