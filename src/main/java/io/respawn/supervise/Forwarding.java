package io.respawn.supervise;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lines of services on their way to Kafka, between the thread that reads output, which never waits here, and whoever
 * sends them (ADR 32). They are bounded in number and size: without room the oldest that is not being sent is lost, and
 * counted.
 *
 * <p>Lines leave in the order in which they came, and each stays here until it is acknowledged. Thread-safe.
 */
public final class Forwarding {

    /** So many lines may wait or be under way. */
    public static final int MOST_LINES = 10_000;

    /** So many characters altogether, which are one or two bytes each. */
    static final int MOST_CHARACTERS = 2 * 1024 * 1024;

    /** A line on its way. */
    public static final class Item {
        private final long ordinal;
        private final ForwardedLine line;

        /** Whether it was sent and did not arrive. Of the window. */
        boolean failed;

        private Item(long ordinal, ForwardedLine line) {
            this.ordinal = ordinal;
            this.line = line;
        }

        public ForwardedLine line() {
            return line;
        }
    }

    /**
     * How it goes.
     *
     * @param outstanding lines that are not acknowledged
     * @param forwarded lines that were, ever
     * @param lost lines that were lost, ever
     * @param silence how long nothing was acknowledged though something was outstanding
     */
    public record Look(int outstanding, long forwarded, long lost, Duration silence) {}

    private final Object lock = new Object();
    private final ForwardCounts counts;
    private final LongSupplier nanos;
    private final ArrayDeque<Item> waiting = new ArrayDeque<>();
    private final SendWindow window;
    private int characters;
    private long taken;
    private long forwarded;
    private long lost;
    private long progress;
    private boolean parked;
    private @Nullable Runnable sender;

    /** {@code nanos} is a clock that only goes forward. */
    public Forwarding(ForwardCounts counts, LongSupplier nanos) {
        this.counts = counts;
        this.nanos = nanos;
        this.window = new SendWindow(nanos.getAsLong());
    }

    /** Takes a line, for which an older one may have to go. */
    public void offer(ForwardedLine line) {
        Runnable first;
        synchronized (lock) {
            enter(line);
            first = sender;
            sender = null;
        }
        if (first != null) {
            try {
                first.run();
            } catch (OutOfMemoryError notNow) {
                // The next line tries it again; this one waits here.
                synchronized (lock) {
                    sender = first;
                }
            }
        }
    }

    private void enter(ForwardedLine line) {
        taken++;
        counts.taken(line.line().instance().service());
        Item item = new Item(taken, line);
        while (isFullFor(line) && !waiting.isEmpty()) {
            lose(waiting.removeFirst());
        }
        if (outstanding() == 0) {
            progress = nanos.getAsLong();
        }
        characters += line.characters();
        if (isFull()) {
            lose(item);
        } else {
            waiting.addLast(item);
            lock.notifyAll();
        }
    }

    private boolean isFullFor(ForwardedLine line) {
        return outstanding() >= MOST_LINES || characters + line.characters() > MOST_CHARACTERS;
    }

    private boolean isFull() {
        return outstanding() >= MOST_LINES || characters > MOST_CHARACTERS;
    }

    private int outstanding() {
        return waiting.size() + window.size();
    }

    private void lose(Item item) {
        characters -= item.line.characters();
        lost++;
        counts.lost(item.line.line().instance().service());
    }

    /** Has this run as soon as there is a line, on any thread: until then nobody need be there to send one. */
    public void whenFirst(Runnable begin) {
        synchronized (lock) {
            if (waiting.isEmpty()) {
                sender = begin;
                return;
            }
        }
        begin.run();
    }

    /** The next line to be sent, if there is one within this time; it is under way then, until it is told what became of it. */
    public Optional<Item> take(Duration longest) throws InterruptedException {
        synchronized (lock) {
            // It may not have come to its end before, for want of memory.
            settle();
            long end = nanos.getAsLong() + longest.toNanos();
            while (!isDue()) {
                long left = end - nanos.getAsLong();
                if (left <= 0) {
                    return Optional.empty();
                }
                await(left);
            }
            // In this order none is lost when memory gives out in between.
            Item next = waiting.getFirst();
            window.add(next);
            waiting.removeFirst();
            return Optional.of(next);
        }
    }

    private boolean isDue() {
        return !parked && !waiting.isEmpty() && window.isOpen(nanos.getAsLong());
    }

    /** A line that may be sent after a pause wakes nobody. */
    private void await(long left) throws InterruptedException {
        long pause = window.pause(nanos.getAsLong());
        TimeUnit.NANOSECONDS.timedWait(lock, Math.max(1, pause > 0 ? Math.min(left, pause) : left));
    }

    /** Kafka has it. */
    public void arrived(Item item) {
        synchronized (lock) {
            // If nobody sends it, whoever sent it has ended meanwhile, and it is sent once more.
            if (window.remove(item)) {
                characters -= item.line.characters();
                forwarded++;
                counts.forwarded(item.line.line().instance().service());
                progress = nanos.getAsLong();
                window.open(progress);
                settle();
            }
        }
    }

    /** Kafka will never have it. */
    public void refused(Item item) {
        synchronized (lock) {
            if (window.remove(item)) {
                lose(item);
                settle();
            }
        }
    }

    /** It did not arrive, and is sent again, with all that were sent after it and did not arrive either. */
    public void failed(Item item) {
        synchronized (lock) {
            if (window.contains(item)) {
                window.fail(item);
                settle();
            }
        }
    }

    /** Once it is known of all that are under way, those that failed go back to where they came from. */
    private void settle() {
        if (window.isLost()) {
            goBack();
        }
        lock.notifyAll();
    }

    private void goBack() {
        window.giveBack(nanos.getAsLong(), waiting);
    }

    /** Whoever sends has ended: what it was at is sent again by the next, and may arrive twice. */
    public void abandon() {
        synchronized (lock) {
            goBack();
            lock.notifyAll();
        }
    }

    /** All lines that are here now, for {@link #awaitThrough}. */
    public long mark() {
        synchronized (lock) {
            return taken;
        }
    }

    /** Waits until all lines up to a mark are through, or lost, or for so long; whether they are. */
    public boolean awaitThrough(long mark, Duration longest) throws InterruptedException {
        synchronized (lock) {
            long end = nanos.getAsLong() + longest.toNanos();
            while (!isThrough(mark) && end - nanos.getAsLong() > 0) {
                TimeUnit.NANOSECONDS.timedWait(lock, Math.max(1, end - nanos.getAsLong()));
            }
            return isThrough(mark);
        }
    }

    private boolean isThrough(long mark) {
        Item oldest = window.isEmpty() ? waiting.peekFirst() : window.oldest();
        return oldest == null || oldest.ordinal > mark;
    }

    /** Sends nothing more, waits for so long for what is under way, and tells what is here. */
    public KeptForwarding park(Duration longest) {
        synchronized (lock) {
            parked = true;
            long end = nanos.getAsLong() + longest.toNanos();
            try {
                while (!window.isEmpty() && end - nanos.getAsLong() > 0) {
                    TimeUnit.NANOSECONDS.timedWait(lock, Math.max(1, end - nanos.getAsLong()));
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            List<Item> all = window.items();
            all.addAll(waiting);
            return KeptForwarding.of(all.stream().map(Item::line).toList(), counts.now());
        }
    }

    /** There is no other image after all. */
    public void unpark() {
        synchronized (lock) {
            parked = false;
            lock.notifyAll();
        }
    }

    /** Goes on with what an earlier image has left, before any line of its own. */
    public void goOn(KeptForwarding from) {
        synchronized (lock) {
            counts.goOn(from.counts());
            lost += from.dropped();
            from.lines().forEach(this::enter);
        }
    }

    public Look look() {
        synchronized (lock) {
            long silence = outstanding() == 0 ? 0 : nanos.getAsLong() - progress;
            return new Look(outstanding(), forwarded, lost, Duration.ofNanos(silence));
        }
    }
}
