package io.respawn.kafka;

import io.respawn.core.Batch;
import io.respawn.core.DeadLetter;
import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.PublicEvent;
import io.respawn.core.StateRecord;
import io.respawn.core.Thinning;
import io.respawn.model.Position;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Batches that Kafka does not have yet, in order. What was taken stays in flight until it is known to be committed or not.
 *
 * <p>When too many wait, the oldest are merged: the last record of each key is kept, and every event and dead letter but
 * the oldest news of services' lives, so that memory is bounded. Any thread may offer; one thread takes.
 *
 * <p>What belongs to an order is to be written at once, since its next step waits for the commit. News of services' lives alone
 * waits a moment for company: a transaction of its own would hold up the next step of the very order that caused it.
 */
final class Outbox {

    private static final int ENTRY_BYTES = 512;

    /** So much news of services' lives is kept. */
    private static final int PLENTY = 5_000;

    /** News of services' lives waits so long for company. */
    static final Duration PATIENCE = Duration.ofMillis(20);

    /** Where nothing waits; whoever asks looks after other things then. */
    static final Duration IDLE = Duration.ofSeconds(2);

    /** A loop with little to do accepts a command well within it; a busy one must not hold up what can be written. */
    static final Duration MOMENT = Duration.ofMillis(3);

    private final int limit;
    private final Statistics statistics;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition offered = lock.newCondition();
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private List<Batch> inFlight = List.of();
    private boolean hurried;
    private long waitingSinceNanos;

    /**
     * An empty one.
     *
     * @param nanos the time that patience is measured by, as of {@link System#nanoTime()}
     */
    Outbox(int limit, Statistics statistics, LongSupplier nanos) {
        this.limit = limit;
        this.statistics = statistics;
        this.nanos = nanos;
    }

    void offer(Batch batch) {
        locked(() -> {
            if (waiting.isEmpty()) {
                waitingSinceNanos = nanos.getAsLong();
            }
            waiting.addLast(batch);
            hurried |= isOfAnOrder(batch);
            if (waiting.size() > limit) {
                mergeOldest(limit / 2);
            }
        });
    }

    private static boolean isOfAnOrder(Batch batch) {
        return !batch.deadLetters().isEmpty() || batch.records().stream().anyMatch(Intent.class::isInstance);
    }

    /** Puts what an earlier run left in front of everything. */
    void precede(List<Batch> older) {
        locked(() -> {
            older.reversed().forEach(waiting::addFirst);
            hurried |= !older.isEmpty();
        });
    }

    /** Somebody waits for what is there. */
    void hurry() {
        locked(() -> hurried = true);
    }

    /** {@return how long what waits may go on waiting for company; zero or less when it is to be written now} */
    Duration patience() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                return IDLE;
            }
            return hurried ? Duration.ZERO : PATIENCE.minusNanos(nanos.getAsLong() - waitingSinceNanos);
        } finally {
            lock.unlock();
        }
    }

    /** Takes as many as fit, at least one if there is one. */
    List<Batch> take(int most, long bytes) {
        lock.lock();
        try {
            List<Batch> taken = new ArrayList<>();
            long sum = 0;
            while (!waiting.isEmpty() && taken.size() < most && (taken.isEmpty() || sum < bytes)) {
                Batch batch = waiting.removeFirst();
                sum += weight(batch);
                taken.add(batch);
            }
            inFlight = List.copyOf(taken);
            hurried &= !waiting.isEmpty();
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** Takes everything up to the first batch of this epoch, which must be there. */
    List<Batch> takeThrough(long epoch) {
        lock.lock();
        try {
            List<Batch> taken = new ArrayList<>();
            do {
                taken.add(waiting.removeFirst());
            } while (taken.getLast().epoch() != epoch);
            inFlight = List.copyOf(taken);
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** What was taken is committed. */
    void landed() {
        locked(() -> inFlight = List.of());
    }

    /** What was taken is not committed. */
    void putBack() {
        locked(() -> {
            inFlight.reversed().forEach(waiting::addFirst);
            inFlight = List.of();
            hurried = true;
        });
    }

    /**
     * Drops what this ledger proves to be committed already, and what is of earlier epochs: the claim took that along. The
     * rest waits.
     */
    void reconcile(Ledger committed) {
        locked(() -> {
            inFlight.reversed().forEach(waiting::addFirst);
            inFlight = List.of();
            hurried = true;
            waiting.removeIf(batch -> batch.epoch() < committed.epoch()
                    || (batch.epoch() == committed.epoch() && batch.seq() <= committed.seq()));
        });
    }

    /** All of it: what is in flight, and what waits. */
    List<Batch> held() {
        lock.lock();
        try {
            List<Batch> held = new ArrayList<>(inFlight);
            held.addAll(waiting);
            return held;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty() && inFlight.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch of this epoch, at most this long, and tells whether there is one. */
    boolean await(long epoch, Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (left > 0 && waiting.stream().noneMatch(batch -> batch.epoch() == epoch)) {
                left = offered.awaitNanos(left);
            }
            return waiting.stream().anyMatch(batch -> batch.epoch() == epoch);
        } finally {
            lock.unlock();
        }
    }

    /** Waits so long for the acceptance of the command at this position, so that it is in the next transaction. */
    void awaitAcceptance(Position command, Duration longest) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (left > 0 && !isAccepted(command)) {
                left = offered.awaitNanos(left);
            }
        } catch (InterruptedException ending) {
            throw new InterruptException(ending);
        } finally {
            lock.unlock();
        }
    }

    private boolean isAccepted(Position command) {
        Batch last = waiting.peekLast();
        return last != null && last.ledger().positions().getOrDefault(command.partitionName(), 0L) > command.offset();
    }

    void clear() {
        locked(() -> {
            waiting.clear();
            inFlight = List.of();
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            offered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void mergeOldest(int count) {
        List<Batch> kept = new ArrayList<>();
        List<Batch> run = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Batch next = waiting.removeFirst();
            // Epochs stay apart, since the first batch of an epoch is its claim.
            if (!run.isEmpty() && run.getLast().epoch() != next.epoch()) {
                kept.add(merged(run));
                run.clear();
            }
            run.add(next);
        }
        kept.add(merged(run));
        kept.reversed().forEach(waiting::addFirst);
        statistics.fault("kafka-batches-merged");
        thin();
    }

    private void thin() {
        Thinning.Thinned thinned = Thinning.of(waiting, PLENTY);
        if (thinned.dropped() > 0) {
            statistics.fault("kafka-events-dropped", thinned.dropped());
            waiting.clear();
            waiting.addAll(thinned.batches());
        }
    }

    /** One batch with the effect of all. */
    static Batch merged(Collection<Batch> batches) {
        Map<String, StateRecord> records = new LinkedHashMap<>();
        List<PublicEvent> events = new ArrayList<>();
        List<DeadLetter> letters = new ArrayList<>();
        Ledger ledger = null;
        for (Batch batch : batches) {
            batch.records().forEach(entry -> records.put(entry.key(), entry));
            events.addAll(batch.events());
            letters.addAll(batch.deadLetters());
            ledger = batch.ledger();
        }
        if (ledger == null) {
            throw new IllegalArgumentException("Cannot merge no batches: there must be at least one");
        }
        return new Batch(ledger, List.copyOf(records.values()), events, letters);
    }

    private static long weight(Batch batch) {
        long letters = 0;
        for (DeadLetter letter : batch.deadLetters()) {
            letters += letter.value().map(value -> value.length).orElse(0);
        }
        return (batch.records().size() + batch.events().size() + 1L) * ENTRY_BYTES + letters;
    }
}
