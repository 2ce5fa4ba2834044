package io.respawn.core;

import io.respawn.model.HostIdentity;
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
 * @param nextOrder the ordinal the next accepted intent gets
 */
public record Ledger(long epoch, long seq, HostIdentity host, SortedMap<String, Long> positions, long nextOrder) {

    public Ledger {
        positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
    }

    public static Ledger fresh(HostIdentity host) {
        return new Ledger(0, 0, host, new TreeMap<>(), 0);
    }
}
