package io.respawn.web;

import io.respawn.core.Intent;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Snapshot;
import java.util.Comparator;
import java.util.List;

/**
 * Intents at one moment, newest first.
 *
 * @param at the moment
 * @param total how many there are, with those that the limit cut off
 * @param intents the newest of them
 */
public record IntentsView(String at, int total, List<IntentView> intents) {

    static IntentsView of(Snapshot snapshot, IntentFilter filter, int limit) {
        filter.service().filter(name -> !isKnown(name, snapshot)).ifPresent(name -> {
            throw ServicesResource.unknown(name);
        });
        List<Intent> chosen = snapshot.intents().values().stream()
                .filter(filter::takes)
                .sorted(Comparator.comparingLong(Intent::order).reversed())
                .toList();
        Delays delays = new Delays(snapshot);
        return new IntentsView(
                snapshot.at().toString(),
                chosen.size(),
                chosen.stream()
                        .limit(limit)
                        .map(intent -> IntentView.of(intent, delays))
                        .toList());
    }

    /** One that was removed has its past. */
    private static boolean isKnown(ServiceName service, Snapshot snapshot) {
        return snapshot.services().containsKey(service)
                || snapshot.intents().values().stream().anyMatch(intent -> IntentFilter.isAbout(intent, service));
    }
}
