package io.respawn.linux;

import io.respawn.linux.SpawnRequest.Stream;
import io.respawn.linux.SpawnResult.Spawned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests for the programs that the tests run. */
final class Programs {

    static final Stream NOWHERE = new Stream.Discarded();
    static final List<String> ENVIRONMENT = List.of("PATH=/usr/local/bin:/usr/bin:/bin", "TAG=a b=c");

    private Programs() {}

    static SpawnRequest shell(String script, Path directory, Stream output) {
        return new SpawnRequest(
                Path.of("/bin/sh"), List.of("sh", "-c", script), ENVIRONMENT, directory, output, output);
    }

    static Spawned spawn(SpawnRequest request) {
        return switch (Spawn.spawn(request)) {
            case Spawned spawned -> spawned;
            case SpawnResult.Failed failed -> throw new AssertionError(failed.words());
        };
    }

    static Spawned shell(String script) {
        return spawn(shell(script, Path.of("/"), NOWHERE));
    }

    /** What a process has open, by number. */
    static Map<String, String> descriptors(int pid) throws IOException {
        Map<String, String> descriptors = new TreeMap<>();
        try (var links = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path link : links) {
                descriptors.put(
                        link.getFileName().toString(),
                        Files.readSymbolicLink(link).toString());
            }
        }
        return descriptors;
    }

    /** Ends a child of a test that should not outlive it. */
    static void end(Spawned spawned) {
        try (Pidfd pidfd = spawned.pidfd();
                var epoll = new Epoll()) {
            pidfd.signal(Signals.SIGKILL);
            epoll.add(pidfd.fd(), Epoll.IN, 0);
            epoll.await(Duration.ofSeconds(10), (events, token) -> Waiter.reap(pidfd));
        }
    }
}
