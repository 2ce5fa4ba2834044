package io.respawn.process;

import io.respawn.linux.BootClock;
import io.respawn.linux.Epoll;
import io.respawn.linux.Reactor;
import io.respawn.linux.TimerFd;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Calls back at absolute times of the boot clock, by one timer descriptor for any number of keys.
 *
 * <p>Everything happens on the loop's thread. A key has one alarm; setting it again replaces it. What was cancelled or
 * replaced before its turn never rings.
 */
final class Alarms<K> implements AutoCloseable {

    private record Alarm<K>(long deadline, long order, K key) {}

    private final TreeSet<Alarm<K>> queue =
            new TreeSet<>(Comparator.<Alarm<K>>comparingLong(Alarm::deadline).thenComparingLong(Alarm::order));
    private final Map<K, Alarm<K>> byKey = new HashMap<>();
    private final Reactor reactor;
    private final Consumer<K> ring;
    private final TimerFd timer = new TimerFd();
    private long orders;
    private boolean ringing;

    /** Opens the timer; before the loop runs, or on its thread. */
    Alarms(Reactor reactor, Consumer<K> ring) {
        this.reactor = reactor;
        this.ring = ring;
        reactor.watch(timer.fd(), Epoll.IN, events -> due());
        reactor.afterFailure(this::armFirst);
    }

    void set(K key, long deadlineNanos) {
        Alarm<K> alarm = new Alarm<>(deadlineNanos, orders++, key);
        queue.add(alarm);
        Alarm<K> replaced = byKey.put(key, alarm);
        if (replaced != null) {
            queue.remove(replaced);
        }
        // A later first deadline only costs one empty expiration, so the timer is touched for earlier ones alone.
        if (!ringing && queue.first().order() == alarm.order()) {
            timer.arm(deadlineNanos);
        }
    }

    void cancel(K key) {
        Alarm<K> alarm = byKey.remove(key);
        if (alarm != null) {
            queue.remove(alarm);
        }
    }

    /** What is set, and for when. */
    Map<K, Long> deadlines() {
        Map<K, Long> deadlines = new LinkedHashMap<>();
        queue.forEach(alarm -> deadlines.put(alarm.key(), alarm.deadline()));
        return deadlines;
    }

    int size() {
        return queue.size();
    }

    private void due() {
        timer.drain();
        long now = BootClock.nanos();
        long set = orders;
        ringing = true;
        try {
            // What a callback sets waits for the next turn, even if it is due: otherwise this could go on for ever.
            while (!queue.isEmpty()
                    && queue.first().deadline() <= now
                    && queue.first().order() < set) {
                ring(queue.first());
            }
        } finally {
            ringing = false;
        }
        // Not after a failure: what is overdue would fail again at once, and without end.
        armFirst();
    }

    /** One that could not ring for want of memory stays, and rings when the loop mends what failed. */
    private void ring(Alarm<K> alarm) {
        boolean rung = true;
        try {
            ring.accept(alarm.key());
        } catch (OutOfMemoryError notNow) {
            rung = false;
            throw notNow;
        } finally {
            if (rung) {
                byKey.remove(alarm.key(), alarm);
                queue.remove(alarm);
            }
        }
    }

    private void armFirst() {
        if (!queue.isEmpty()) {
            timer.arm(queue.first().deadline());
        }
    }

    @Override
    public void close() {
        reactor.unwatch(timer.fd());
        timer.close();
        queue.clear();
        byKey.clear();
    }
}
