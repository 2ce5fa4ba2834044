package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.core.Intent;
import io.respawn.model.Action;
import io.respawn.supervise.Snapshot;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One time that the sidecar was to load itself anew, as the API shows it.
 *
 * @param id of the order
 * @param at when it was ordered
 * @param outcome succeeded, failed, and so on
 * @param blackoutMillis how long nobody handled anything; absent when there is no new image
 * @param requestedBy who ordered it, or what: a signal, the schedule, a full heap
 * @param reason why, in the words of whoever ordered it
 * @param detail what was carried along, or why it was refused
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RespawnView(
        String id,
        String at,
        String outcome,
        @Nullable Long blackoutMillis,
        String requestedBy,
        String reason,
        String detail) {

    private static final int MOST = 10;

    /** The last ones, the newest first. */
    static List<RespawnView> last(Snapshot snapshot) {
        return snapshot.intents().values().stream()
                .filter(intent -> intent.command().action() == Action.RESPAWN)
                .filter(intent -> intent.phase() instanceof Intent.Ended)
                .sorted(Comparator.comparing(Intent::acceptedAt).reversed())
                .limit(MOST)
                .map(intent -> of(intent, (Intent.Ended) intent.phase()))
                .toList();
    }

    private static RespawnView of(Intent intent, Intent.Ended end) {
        String by = intent.command().requestedBy();
        return new RespawnView(
                intent.id().value(),
                intent.acceptedAt().toString(),
                end.outcome().word(),
                end.blackout().map(Duration::toMillis).orElse(null),
                by.isEmpty() ? intent.command().source() : by,
                intent.command().reason(),
                end.detail());
    }
}
