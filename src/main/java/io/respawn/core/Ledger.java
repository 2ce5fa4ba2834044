package io.respawn.core;

import io.respawn.model.HostIdentity;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The record that orders all others: who owns the state, how far it is, and up to where commands were taken.
 *
 * @param epoch ordinal of the ownership; 0 before the first claim
 * @param seq ordinal of the last batch
 * @param host where the owner runs
 * @param positions next offset to read by partition name, {@code respawn.commands-3}
 * @param limiters when each limiter has caught up with its rate again, by its name; see {@link Gcra}
 * @param lineage which life wrote which batches of this epoch
 * @param topics the ids of the topics that the positions are of, by name: a topic that was created anew has another
 * @param nextOrder the ordinal the next accepted intent gets
 * @param generation ordinal of the plan in force among those that were applied; the first one has none
 * @param floor the highest incarnation of all services that are known no more; whatever comes anew begins above it
 */
public record Ledger(
        long epoch,
        long seq,
        HostIdentity host,
        SortedMap<String, Long> positions,
        long nextOrder,
        SortedMap<String, Instant> limiters,
        Lineage lineage,
        SortedMap<String, String> topics,
        long generation,
        long floor) {

    private static final Class<?> FIXED =
            Collections.unmodifiableSortedMap(new TreeMap<>()).getClass();

    public Ledger {
        positions = fixed(positions);
        limiters = fixed(limiters);
        topics = fixed(topics);
    }

    /** Kept as it is if it cannot be changed: several ledgers are made for each event, mostly with the maps of the last. */
    private static <V> SortedMap<String, V> fixed(SortedMap<String, V> map) {
        return map.getClass() == FIXED ? map : Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    /** A ledger under the first plan. */
    public Ledger(
            long epoch,
            long seq,
            HostIdentity host,
            SortedMap<String, Long> positions,
            long nextOrder,
            SortedMap<String, Instant> limiters,
            Lineage lineage,
            SortedMap<String, String> topics) {
        this(epoch, seq, host, positions, nextOrder, limiters, lineage, topics, 0, 0);
    }

    /** A ledger whose limiters were never used. */
    public Ledger(long epoch, long seq, HostIdentity host, SortedMap<String, Long> positions, long nextOrder) {
        this(epoch, seq, host, positions, nextOrder, new TreeMap<>(), Lineage.NONE, new TreeMap<>());
    }

    public static Ledger fresh(HostIdentity host) {
        return new Ledger(0, 0, host, new TreeMap<>(), 0);
    }

    Ledger withSeq(long next) {
        return new Ledger(epoch, next, host, positions, nextOrder, limiters, lineage, topics, generation, floor);
    }

    Ledger withHost(HostIdentity next) {
        return new Ledger(epoch, seq, next, positions, nextOrder, limiters, lineage, topics, generation, floor);
    }

    Ledger withOrder(long next) {
        return new Ledger(epoch, seq, host, positions, next, limiters, lineage, topics, generation, floor);
    }

    Ledger withPosition(String partition, long next) {
        SortedMap<String, Long> changed = new TreeMap<>(positions);
        changed.put(partition, next);
        return new Ledger(
                epoch,
                seq,
                host,
                Collections.unmodifiableSortedMap(changed),
                nextOrder,
                limiters,
                lineage,
                topics,
                generation,
                floor);
    }

    Ledger withLimiter(String name, Instant next) {
        SortedMap<String, Instant> changed = new TreeMap<>(limiters);
        changed.put(name, next);
        return new Ledger(
                epoch,
                seq,
                host,
                positions,
                nextOrder,
                Collections.unmodifiableSortedMap(changed),
                lineage,
                topics,
                generation,
                floor);
    }

    Ledger with(Lineage next) {
        return new Ledger(epoch, seq, host, positions, nextOrder, limiters, next, topics, generation, floor);
    }

    Ledger withGeneration(long next) {
        return new Ledger(epoch, seq, host, positions, nextOrder, limiters, lineage, topics, next, floor);
    }

    Ledger withFloor(long next) {
        return new Ledger(
                epoch, seq, host, positions, nextOrder, limiters, lineage, topics, generation, Math.max(floor, next));
    }

    /** The life that wrote the last batch; unknown to an older version. */
    public Optional<String> life() {
        return lineage.of(seq);
    }

    /**
     * Whether this one is what became of another of its epoch, and not of a batch that only has the same number. Of what an
     * older version wrote, host and positions have to tell.
     */
    public boolean descendsFrom(Ledger other) {
        boolean sameLine = other.life().isEmpty()
                ? host.equals(other.host)
                : lineage.of(other.seq).equals(other.life());
        return epoch == other.epoch && seq >= other.seq && sameLine && hasRead(other.positions);
    }

    private boolean hasRead(SortedMap<String, Long> others) {
        return others.entrySet().stream()
                .allMatch(read -> positions.getOrDefault(read.getKey(), 0L) >= read.getValue());
    }
}
