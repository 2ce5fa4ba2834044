package io.respawn.observe;

import io.respawn.core.Instance;
import io.respawn.core.Service;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Supervision;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when every essential service is and the state is ours. A Kafka that is away is shown and counts for nothing, since
 * supervision goes on without it.
 */
@Readiness
@Singleton
final class ServicesReadiness implements AsyncHealthCheck {

    /** Less than the second after which a kubelet gives up by default. */
    static final Duration LIMIT = Duration.ofMillis(800);

    private static final String NAME = "services";

    private final Supervision supervision;

    ServicesReadiness(Supervision supervision) {
        this.supervision = supervision;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return supervision
                .snapshot()
                .map(ServicesReadiness::judge)
                .ifNoItem()
                .after(LIMIT)
                .recoverWithItem(() -> HealthCheckResponse.named(NAME)
                        .down()
                        .withData("reason", "the loop did not answer within " + LIMIT.toMillis() + " ms")
                        .build());
    }

    private static HealthCheckResponse judge(Snapshot snapshot) {
        return HealthCheckResponse.named(NAME)
                .status(snapshot.isReady())
                .withData("phase", Words.of(snapshot.sidecar()))
                .withData("kafka", Words.of(snapshot.kafka()))
                .withData("kafkaDetail", snapshot.kafkaDetail())
                .withData("durability", snapshot.durability().word())
                .withData("notReady", notReady(snapshot))
                .build();
    }

    private static String notReady(Snapshot snapshot) {
        return snapshot.plan().services().values().stream()
                .filter(spec -> spec.role().essential())
                .map(ServiceSpec::name)
                .filter(name -> !isReady(name, snapshot))
                .map(ServiceName::value)
                .collect(Collectors.joining(", "));
    }

    private static boolean isReady(ServiceName name, Snapshot snapshot) {
        Service service = snapshot.services().get(name);
        return service != null && service.all(Instance::isReady);
    }
}
