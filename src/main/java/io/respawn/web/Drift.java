package io.respawn.web;

import io.respawn.supervise.Configured;
import io.respawn.supervise.Snapshot;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.util.function.Function;

/** Compares what is configured with what is in force; reading waits for a disk, so no request thread does it. */
@Singleton
final class Drift {

    private final Configured configured;

    Drift(Configured configured) {
        this.configured = configured;
    }

    /** As the configuration is at this very moment. */
    Uni<PlanChangesView> now(Snapshot snapshot) {
        return compare(snapshot, Configured::read);
    }

    /** The same for those who ask often: what was read is not read again before its file changes. */
    Uni<PlanChangesView> lately(Snapshot snapshot) {
        return compare(snapshot, Configured::last);
    }

    private Uni<PlanChangesView> compare(Snapshot snapshot, Function<Configured, Configured.Reading> reading) {
        return Reader.here(Uni.createFrom()
                .item(() -> PlanChangesView.of(snapshot.plan(), reading.apply(configured)))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()));
    }
}
