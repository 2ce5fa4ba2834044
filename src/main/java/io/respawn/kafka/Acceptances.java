package io.respawn.kafka;

import io.respawn.model.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells when the acceptance of a command is committed: when a committed ledger stands behind its position. Thread-safe. */
final class Acceptances {

    private final Map<String, NavigableMap<Long, CompletableFuture<Void>>> awaited = new HashMap<>();
    private final Map<String, Long> committed = new HashMap<>();

    /** Completes when the position is committed, perhaps at once. */
    CompletionStage<Void> of(Position position) {
        synchronized (this) {
            if (committed.getOrDefault(position.partitionName(), 0L) <= position.offset()) {
                return awaited.computeIfAbsent(position.partitionName(), name -> new TreeMap<>())
                        .computeIfAbsent(position.offset(), offset -> new CompletableFuture<>());
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    /** These positions are committed: everything before them was accepted. */
    void committed(Map<String, Long> positions) {
        positions.forEach((partition, next) -> before(partition, next).values().forEach(each -> each.complete(null)));
    }

    private synchronized Map<Long, CompletableFuture<Void>> before(String partition, long next) {
        committed.put(partition, next);
        NavigableMap<Long, CompletableFuture<Void>> here = awaited.get(partition);
        if (here == null) {
            return Map.of();
        }
        NavigableMap<Long, CompletableFuture<Void>> done = here.headMap(next, false);
        Map<Long, CompletableFuture<Void>> taken = new TreeMap<>(done);
        done.clear();
        return taken;
    }
}
