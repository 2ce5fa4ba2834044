package io.respawn.supervise;

import io.respawn.core.Intent;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.QueuePlace;
import io.respawn.core.Service;
import io.respawn.core.Standing;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The state at one moment, for readers.
 *
 * @param sidecar how far the sidecar itself is
 * @param durability where an order accepted now would be kept
 * @param services all declared services, and undeclared ones that still run
 * @param intents open ones and remembered ended ones, in the order of acceptance
 * @param queue why instances wait that do
 * @param orders where those stand that wait for permits
 * @param statuses what processes say that they do
 * @param answers what their probes were last answered
 * @param usages what instances use, as it was seen last
 * @param forwarding what became of the lines of services that are forwarded
 * @param unacknowledged batches that Kafka does not have yet
 */
public record Snapshot(
        Instant at,
        Plan plan,
        Phase sidecar,
        KafkaStatus kafka,
        String kafkaDetail,
        Durability durability,
        String durabilityDetail,
        Ledger ledger,
        SortedMap<ServiceName, Service> services,
        Map<IntentId, Intent> intents,
        Map<InstanceId, QueuePlace> queue,
        Map<IntentId, QueuePlace> orders,
        Map<InstanceId, String> statuses,
        Map<InstanceId, List<ProbeAnswer>> answers,
        Map<InstanceId, Usage> usages,
        SortedMap<ServiceName, ForwardCounts.Count> forwarding,
        long unacknowledged) {

    /** How far the sidecar itself is. */
    public enum Phase {
        /** Reads its state; only infrastructure runs. */
        RESTORING,
        /** Runs services without knowing whether Kafka knows more. */
        PROVISIONAL,
        RUNNING,
        STOPPING;

        static Phase of(Standing.Phase phase) {
            return switch (phase) {
                case NEW, RESTORING -> RESTORING;
                case PROVISIONAL -> PROVISIONAL;
                case RUNNING -> RUNNING;
                case STOPPING -> STOPPING;
            };
        }
    }

    /** The ordinal of the plan among those that were applied. */
    public long generation() {
        return Math.max(1, ledger.generation());
    }

    /** Whether the state is restored (or provisional) and every essential service is ready. */
    public boolean isReady() {
        boolean restored = sidecar == Phase.RUNNING || sidecar == Phase.PROVISIONAL;
        return restored
                && kafka != KafkaStatus.FENCED
                && plan.services().values().stream()
                        .filter(spec -> spec.role().essential())
                        .allMatch(this::isReady);
    }

    /** Instances that are not declared any more do not count. */
    private boolean isReady(ServiceSpec spec) {
        Service service = services.get(spec.name());
        return service != null
                && service.all(instance -> instance.id().index() >= service.wanted(spec) || instance.isReady());
    }
}
