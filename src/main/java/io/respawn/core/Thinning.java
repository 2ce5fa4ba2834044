package io.respawn.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes room while Kafka is away for long: of what it does not have yet, records that later ones replace and the oldest
 * news of services' lives are given up. What became of orders, and what the sidecar did itself, is never given up.
 */
public final class Thinning {

    private static final String SERVICE = "io.respawn.service.";

    /**
     * What is left, and how much was given up.
     *
     * @param dropped news of services' lives
     */
    public record Thinned(List<Batch> batches, int dropped) {}

    private Thinning() {}

    /**
     * Thins batches, in order.
     *
     * @param news how much news of services' lives may stay, the newest
     */
    public static Thinned of(Collection<Batch> batches, int news) {
        Set<String> replaced = new HashSet<>();
        Set<Long> epochs = new HashSet<>();
        Deque<Batch> kept = new ArrayDeque<>();
        int left = news;
        int dropped = 0;
        for (Batch batch : new ArrayList<>(batches).reversed()) {
            List<StateRecord> records = batch.records().stream()
                    .filter(entry -> !replaced.contains(entry.key()))
                    .toList();
            records.forEach(entry -> replaced.add(entry.key()));
            List<PublicEvent> events = newest(batch.events(), left);
            dropped += batch.events().size() - events.size();
            left -= Math.min(left, lives(events));
            // An epoch without any batch would not be known for ours.
            boolean needed = epochs.add(batch.epoch());
            if (needed
                    || !records.isEmpty()
                    || !events.isEmpty()
                    || !batch.deadLetters().isEmpty()) {
                kept.addFirst(new Batch(batch.ledger(), records, events, batch.deadLetters()));
            }
        }
        return new Thinned(List.copyOf(kept), dropped);
    }

    /** All events but the oldest news of services' lives. */
    private static List<PublicEvent> newest(List<PublicEvent> events, int news) {
        int surplus = lives(events) - news;
        List<PublicEvent> kept = new ArrayList<>();
        for (PublicEvent event : events) {
            if (isLife(event) && surplus > 0) {
                surplus--;
            } else {
                kept.add(event);
            }
        }
        return kept;
    }

    private static int lives(List<PublicEvent> events) {
        return (int) events.stream().filter(Thinning::isLife).count();
    }

    private static boolean isLife(PublicEvent event) {
        return event.type().startsWith(SERVICE);
    }
}
