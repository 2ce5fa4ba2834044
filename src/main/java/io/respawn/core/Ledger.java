package io.respawn.core;

import io.respawn.model.HostIdentity;
import java.time.Instant;
import java.util.Collections;
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
 * @param nextOrder the ordinal the next accepted intent gets
 */
public record Ledger(
        long epoch,
        long seq,
        HostIdentity host,
        SortedMap<String, Long> positions,
        long nextOrder,
        SortedMap<String, Instant> limiters) {

    public Ledger {
        positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
        limiters = Collections.unmodifiableSortedMap(new TreeMap<>(limiters));
    }

    /** A ledger whose limiters were never used. */
    public Ledger(long epoch, long seq, HostIdentity host, SortedMap<String, Long> positions, long nextOrder) {
        this(epoch, seq, host, positions, nextOrder, new TreeMap<>());
    }

    public static Ledger fresh(HostIdentity host) {
        return new Ledger(0, 0, host, new TreeMap<>(), 0);
    }

    Ledger withSeq(long next) {
        return new Ledger(epoch, next, host, positions, nextOrder, limiters);
    }

    Ledger withHost(HostIdentity next) {
        return new Ledger(epoch, seq, next, positions, nextOrder, limiters);
    }

    Ledger withOrder(long next) {
        return new Ledger(epoch, seq, host, positions, next, limiters);
    }

    Ledger withPosition(String partition, long next) {
        SortedMap<String, Long> changed = new TreeMap<>(positions);
        changed.put(partition, next);
        return new Ledger(epoch, seq, host, changed, nextOrder, limiters);
    }

    Ledger withLimiter(String name, Instant next) {
        SortedMap<String, Instant> changed = new TreeMap<>(limiters);
        changed.put(name, next);
        return new Ledger(epoch, seq, host, positions, nextOrder, changed);
    }
}
