package io.respawn.observe;

import io.respawn.supervise.Supervision;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started as soon as the loop answers, whether or not the services run yet. */
@Startup
@Singleton
final class CoreStartup implements AsyncHealthCheck {

    private static final String NAME = "core";

    private final Supervision supervision;

    CoreStartup(Supervision supervision) {
        this.supervision = supervision;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return supervision
                .snapshot()
                .map(snapshot -> HealthCheckResponse.named(NAME)
                        .up()
                        .withData("phase", Words.of(snapshot.sidecar()))
                        .build())
                .ifNoItem()
                .after(ServicesReadiness.LIMIT)
                .recoverWithItem(() -> HealthCheckResponse.named(NAME)
                        .down()
                        .withData("reason", "the loop did not answer")
                        .build());
    }
}
