package io.respawn.observe;

import io.respawn.supervise.Supervision;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive as long as the loop turns; neither Kafka nor a service can make the kubelet kill the sidecar. */
@Liveness
@Singleton
final class LoopLiveness implements HealthCheck {

    /** The loop turns once a second at least. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Supervision supervision;

    LoopLiveness(Supervision supervision) {
        this.supervision = supervision;
    }

    @Override
    public HealthCheckResponse call() {
        Duration silence = supervision.sinceLastBeat();
        return HealthCheckResponse.named("loop")
                .status(silence.compareTo(LIMIT) < 0)
                .withData("sinceLastBeatMillis", silence.toMillis())
                .build();
    }
}
