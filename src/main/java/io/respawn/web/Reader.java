package io.respawn.web;

import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Supervision;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Asks the loop and takes the answer off its thread, so that no request is worked on there. */
@Singleton
final class Reader {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Supervision supervision;

    Reader(Supervision supervision) {
        this.supervision = supervision;
    }

    /** The state now, or a refusal if the loop does not turn. */
    Uni<Snapshot> snapshot() {
        return here(supervision.snapshot())
                .ifNoItem()
                .after(LIMIT)
                .failWith(() -> new Refusal(
                        503,
                        "Cannot read the state: the loop turned last "
                                + supervision.sinceLastBeat().toMillis() + " ms ago"));
    }

    /** Goes on where the request came in. */
    static <T> Multi<T> here(Multi<T> items) {
        Context context = Vertx.currentContext();
        return context == null ? items : items.emitOn(task -> context.runOnContext(_ -> task.run()));
    }

    /** Goes on where the request came in. */
    static <T> Uni<T> here(Uni<T> answer) {
        Context context = Vertx.currentContext();
        return context == null ? answer : answer.emitOn(task -> context.runOnContext(_ -> task.run()));
    }
}
