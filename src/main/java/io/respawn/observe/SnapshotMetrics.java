package io.respawn.observe;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.respawn.core.Instance;
import io.respawn.core.Intent;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Service;
import io.respawn.supervise.Durability;
import io.respawn.supervise.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the state at the moment of a scrape says. */
final class SnapshotMetrics {

    /** All words an instance's state can have, so that a series is 0 and not absent. */
    private static final List<String> STATES = List.of(
            "stopped",
            "waiting",
            "starting",
            "running",
            "ready",
            "terminating",
            "killing",
            "backing-off",
            "exhausted",
            "completed");

    private SnapshotMetrics() {}

    static List<MetricFamilySamples> of(Snapshot snapshot) {
        return List.of(
                states(snapshot),
                ready(snapshot),
                kafka(snapshot),
                durability(snapshot),
                single("respawn_ready", "Whether all essential services are ready", snapshot.isReady() ? 1 : 0),
                single(
                        "respawn_intents_open",
                        "Intents that have not ended",
                        snapshot.intents().values().stream()
                                .filter(Intent::isOpen)
                                .count()),
                single(
                        "respawn_unacknowledged_batches",
                        "Batches that Kafka does not have yet",
                        snapshot.unacknowledged()),
                single(
                        "respawn_epoch",
                        "Ordinal of the sidecar's ownership of its state",
                        snapshot.ledger().epoch()));
    }

    private static MetricFamilySamples states(Snapshot snapshot) {
        Family family =
                Family.gauge("respawn_instance_state", "Instances of a service by their state", "service", "state");
        for (Service service : snapshot.services().values()) {
            Map<String, Long> counts = service.instances().stream()
                    .map(instance -> instance.state().word())
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            STATES.forEach(state ->
                    family.sample(counts.getOrDefault(state, 0L), service.name().value(), state));
        }
        return family.done();
    }

    private static MetricFamilySamples ready(Snapshot snapshot) {
        Family family =
                Family.gauge("respawn_service_ready", "Whether all instances of a service are ready", "service");
        snapshot.services()
                .values()
                .forEach(service -> family.sample(
                        service.all(Instance::isReady) ? 1 : 0, service.name().value()));
        return family.done();
    }

    private static MetricFamilySamples kafka(Snapshot snapshot) {
        Family family = Family.gauge("respawn_kafka_status", "1 for how the sidecar stands with Kafka", "status");
        for (KafkaStatus status : KafkaStatus.values()) {
            family.sample(status == snapshot.kafka() ? 1 : 0, Words.of(status));
        }
        return family.done();
    }

    private static MetricFamilySamples durability(Snapshot snapshot) {
        Family family = Family.gauge("respawn_durability", "1 for where an order given now is kept", "durability");
        for (Durability durability : Durability.values()) {
            family.sample(durability == snapshot.durability() ? 1 : 0, durability.word());
        }
        return family.done();
    }

    private static MetricFamilySamples single(String name, String help, long value) {
        return Family.gauge(name, help).sample(value).done();
    }
}
