package io.respawn.web;

import io.respawn.core.Intent;
import io.respawn.model.IntentId;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Supervision;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits for the end of an intent. It listens first and looks then: an end that comes before the look is seen by the look,
 * one that comes after it is heard.
 */
@Singleton
final class IntentWait {

    private static final int RETRIES = 10;

    private final Supervision supervision;

    IntentWait(Supervision supervision) {
        this.supervision = supervision;
    }

    /** The intent as it is when it has ended or the time is over; empty when there is none of that id. */
    Uni<Optional<Intent>> end(IntentId id, Duration limit) {
        Uni<Optional<Intent>> heard = supervision
                .events()
                .filter(event -> event.intent().filter(id::equals).isPresent())
                .onItem()
                .transformToUniAndConcatenate(event -> look(id))
                .filter(IntentWait::isOver)
                .toUni();
        Uni<Optional<Intent>> seen = look(id).onItem()
                .transformToUni(found -> isOver(found)
                        ? Uni.createFrom().item(found)
                        : Uni.createFrom().nothing());
        return Uni.combine()
                .any()
                .of(heard, seen)
                // A listener that fell behind was cut off and may have missed the end: listen and look again.
                .onFailure()
                .retry()
                .atMost(RETRIES)
                // Nothing was heard although the events ended: the sidecar is leaving.
                .onItem()
                .ifNull()
                .switchTo(() -> look(id))
                .ifNoItem()
                .after(limit)
                .recoverWithUni(() -> look(id));
    }

    private Uni<Optional<Intent>> look(IntentId id) {
        return supervision.snapshot().map(snapshot -> find(id, snapshot));
    }

    static Optional<Intent> find(IntentId id, Snapshot snapshot) {
        return Optional.ofNullable(snapshot.intents().get(id));
    }

    private static boolean isOver(Optional<Intent> found) {
        return found.isEmpty() || !found.get().isOpen();
    }
}
