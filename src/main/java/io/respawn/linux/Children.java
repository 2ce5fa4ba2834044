package io.respawn.linux;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps spawns and orphan sweeps apart.
 *
 * <p>Between the birth of a child and its registration a sweep would take its quick end for an orphan's. A process has one
 * set of children, so this is one lock for the process; sweeps only try it, as a spawn can hang on a slow disk.
 */
final class Children {

    private static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock();

    /** Held from before a spawn until its child is registered; many may. */
    static final ReentrantReadWriteLock.ReadLock BEING_BORN = LOCK.readLock();

    /** Held by a sweep. */
    static final ReentrantReadWriteLock.WriteLock SWEPT = LOCK.writeLock();

    private Children() {}
}
