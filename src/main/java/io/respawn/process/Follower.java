package io.respawn.process;

import io.respawn.supervise.OutputReader.Entry;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Missed;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands the lines of some rings to one subscriber as it asks for them. It has no buffer: it knows the number that comes
 * next, and sees by a gap in the numbers that the ring went on without it.
 */
final class Follower implements Flow.Subscription {

    private final List<OutputRing> rings;

    /** Of each ring the next number; only touched by whoever drains. */
    private final long[] next;

    private final Flow.Subscriber<? super Entry> subscriber;
    private final AtomicLong wanted = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();
    private final Runnable woken = this::drain;
    private volatile boolean cancelled;

    private Follower(List<OutputRing> rings, long[] next, Flow.Subscriber<? super Entry> subscriber) {
        this.rings = rings;
        this.next = next;
        this.subscriber = subscriber;
    }

    /** Begins with the last lines, at most so many of all rings together. */
    static void begin(List<OutputRing> rings, int count, Flow.Subscriber<? super Entry> subscriber) {
        long[] next = rings.stream().mapToLong(OutputRing::next).toArray();
        List<Line> last = Rings.last(rings, count);
        for (int i = 0; i < next.length; i++) {
            for (Line line : last) {
                if (line.instance().equals(rings.get(i).instance())) {
                    next[i] = Math.min(next[i], line.number());
                }
            }
        }
        Follower follower = new Follower(rings, next, subscriber);
        rings.forEach(ring -> ring.wake(follower.woken));
        subscriber.onSubscribe(follower);
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            cancel();
            subscriber.onError(
                    new IllegalArgumentException("Cannot hand over " + count + " lines; ask for at least 1"));
            return;
        }
        wanted.accumulateAndGet(count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        rings.forEach(ring -> ring.forget(woken));
    }

    /** One at a time: who comes while another is at it leaves a note, and that one goes round again. */
    private void drain() {
        if (work.getAndIncrement() > 0) {
            return;
        }
        int notes = 1;
        while (notes != 0) {
            handOver();
            notes = work.addAndGet(-notes);
        }
    }

    private void handOver() {
        while (!cancelled && wanted.get() > 0) {
            Entry entry = pick();
            if (entry == null) {
                return;
            }
            wanted.decrementAndGet();
            subscriber.onNext(entry);
        }
    }

    /** The earliest line of all rings, or what is missing before it. */
    private @Nullable Entry pick() {
        int ring = -1;
        Line earliest = null;
        for (int i = 0; i < next.length; i++) {
            Line line = rings.get(i).from(next[i]);
            if (line != null && (earliest == null || line.at().isBefore(earliest.at()))) {
                earliest = line;
                ring = i;
            }
        }
        if (earliest == null) {
            return null;
        }
        long missed = earliest.number() - next[ring];
        if (missed > 0) {
            next[ring] = earliest.number();
            return new Missed(missed);
        }
        next[ring] = earliest.number() + 1;
        return earliest;
    }
}
