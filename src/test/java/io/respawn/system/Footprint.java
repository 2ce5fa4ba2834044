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

    /** The most within a while: some come and go with each service that ends. */
    static Footprint most(long pid) {
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
                all.stream().mapToLong(Footprint::threads).max().orElseThrow(),
                all.stream().mapToLong(Footprint::descriptors).max().orElseThrow(),
                all.stream().mapToLong(Footprint::residentKib).max().orElseThrow());
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
