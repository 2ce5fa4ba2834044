package io.respawn.web;

import io.respawn.core.Intent;
import io.respawn.supervise.Snapshot;
import java.util.Comparator;
import java.util.List;

/**
 * Intents at one moment, newest first.
 *
 * @param total how many there are, with those that the limit cut off
 * @param intents the newest of them
 */
public record IntentsView(int total, List<IntentView> intents) {

    static IntentsView of(Snapshot snapshot, boolean openOnly, int limit) {
        List<Intent> chosen = snapshot.intents().values().stream()
                .filter(intent -> !openOnly || intent.isOpen())
                .sorted(Comparator.comparingLong(Intent::order).reversed())
                .toList();
        return new IntentsView(
                chosen.size(),
                chosen.stream()
                        .limit(limit)
                        .map(intent -> IntentView.of(intent, snapshot))
                        .toList());
    }
}
