package io.respawn.supervise;

import io.respawn.supervise.Forwarding.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The lines that are being sent, and how many may be. After a pause, and after a failure, one goes alone and has to arrive
 * before others follow: a sender that does not know yet where the topic is gives lines up one by one, and a later one could
 * arrive first. Belongs to the lock of {@link Forwarding}.
 */
final class SendWindow {

    /** So many lines may be under way, and so many characters in them. */
    private static final int LINES = 256;

    private static final int CHARACTERS = 256 * 1024;

    /** A sender forgets where an unused topic is after five minutes. */
    private static final long OPEN_NANOS = Duration.ofSeconds(60).toNanos();

    private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();

    private final LinkedHashSet<Item> underWay = new LinkedHashSet<>();
    private int failed;
    private int characters;
    private long openUntil;
    private long notBefore;

    SendWindow(long now) {
        openUntil = now;
        notBefore = now;
    }

    /** Those under way, the oldest first. */
    List<Item> items() {
        return new ArrayList<>(underWay);
    }

    int size() {
        return underWay.size();
    }

    boolean isEmpty() {
        return underWay.isEmpty();
    }

    boolean contains(Item item) {
        return underWay.contains(item);
    }

    Item oldest() {
        return underWay.getFirst();
    }

    /** Whether another may be sent now. */
    boolean isOpen(long now) {
        if (failed > 0 || pause(now) > 0) {
            return false;
        }
        return underWay.isEmpty() || (now - openUntil < 0 && underWay.size() < LINES && characters < CHARACTERS);
    }

    /** How long nothing may be sent at all. */
    long pause(long now) {
        return notBefore - now;
    }

    void add(Item item) {
        underWay.add(item);
        characters += item.line().characters();
    }

    /** Nobody sends it any more; false if nobody did. */
    boolean remove(Item item) {
        boolean there = underWay.remove(item);
        if (there) {
            forgive(item);
            characters -= item.line().characters();
        }
        return there;
    }

    /** One has arrived: others may follow. */
    void open(long now) {
        openUntil = now + OPEN_NANOS;
    }

    void fail(Item item) {
        if (!item.failed) {
            item.failed = true;
            failed++;
        }
    }

    private void forgive(Item item) {
        if (item.failed) {
            item.failed = false;
            failed--;
        }
    }

    /** Whether it is known of all, and not all is well: then they are to be sent again. */
    boolean isLost() {
        return failed > 0 && failed == underWay.size();
    }

    /**
     * All that are under way are so no more and stand before those that wait; after a pause it begins with one alone. Each
     * goes by itself, the last one first: where memory gives out the rest is here still.
     */
    void giveBack(long now, Deque<Item> waiting) {
        openUntil = now;
        notBefore = now + PAUSE_NANOS;
        while (!underWay.isEmpty()) {
            Item last = underWay.getLast();
            waiting.addFirst(last);
            remove(last);
        }
    }
}
