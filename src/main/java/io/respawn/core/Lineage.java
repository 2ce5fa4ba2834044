package io.respawn.core;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which life of the sidecar wrote which batches of an epoch. A disk that was full or lost its last pages lets a new life
 * begin further back and number its batches like one before it; by the life they are told apart.
 *
 * @param lives the word of each life by the seq of its first batch
 */
public record Lineage(SortedMap<Long, String> lives) {

    public static final Lineage NONE = new Lineage(new TreeMap<>());

    /** A claim begins a new one; so many lives without a claim are enough to tell. */
    private static final int MOST = 100;

    public Lineage {
        lives = Collections.unmodifiableSortedMap(new TreeMap<>(lives));
    }

    /** From this batch on it is this life's. */
    Lineage begun(long seq, String life) {
        TreeMap<Long, String> next = new TreeMap<>(lives.headMap(seq));
        next.put(seq, life);
        while (next.size() > MOST) {
            next.pollFirstEntry();
        }
        return new Lineage(next);
    }

    /** The life that wrote this batch. */
    public Optional<String> of(long seq) {
        return Optional.ofNullable(new TreeMap<>(lives).floorEntry(seq)).map(Map.Entry::getValue);
    }
}
