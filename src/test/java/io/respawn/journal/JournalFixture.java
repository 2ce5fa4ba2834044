package io.respawn.journal;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.Ledger;
import io.respawn.core.Service;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.model.StopPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;

/** What the tests of the journal share: a host, numbered batches, and a sink that remembers. */
final class JournalFixture {

    static final HostIdentity HOST = new HostIdentity("boot-1", 4026531836L);

    final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

    LocalJournal open(Path directory, long limit) {
        return new LocalJournal(directory, HOST, LocalJournal.restore(directory, HOST), events::add, limit);
    }

    /** A batch that counts up the service's generation, so that a fold shows which batch came last. */
    static Batch numbered(long seq) {
        return numbered(seq, "web");
    }

    static Batch numbered(long seq, String name) {
        ServiceName service = new ServiceName(name);
        return new Batch(
                new Ledger(1, seq, HOST, new TreeMap<>(Map.of("respawn.commands-0", seq)), seq),
                List.of(new Service(
                        service,
                        Service.Desired.UP,
                        false,
                        "",
                        seq,
                        StopPolicy.DEFAULT,
                        List.of(Instance.fresh(new InstanceId(service, 0), new InstanceState.Waiting(Instant.EPOCH))))),
                List.of(),
                List.of());
    }

    static List<Long> seqs(Restored restored) {
        return restored.unacknowledged().stream().map(Batch::seq).toList();
    }

    static Path log(Path directory) {
        return paths(directory).stream()
                .filter(path -> path.toString().endsWith(".log"))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    static List<String> names(Path directory) {
        return paths(directory).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    static long size(Path directory) throws IOException {
        long size = 0;
        for (Path path : paths(directory)) {
            size += Files.size(path);
        }
        return size;
    }

    static List<Path> paths(Path directory) {
        try (var paths = Files.list(directory)) {
            return new ArrayList<>(paths.sorted().toList());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
