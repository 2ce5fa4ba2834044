package io.respawn.web;

import io.respawn.core.Intent;
import io.respawn.core.Intent.Origin;
import io.respawn.core.Intent.Pending;
import io.respawn.core.Intent.Started;
import io.respawn.core.KafkaStatus;
import io.respawn.core.PlannedRun;
import io.respawn.core.QueuePlace;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says of the orders of one snapshot why those wait that do: for the budget, for each other, for a time, for Kafka. */
final class Delays {

    private final Snapshot snapshot;
    private final Map<Optional<ServiceName>, List<Intent>> open;

    Delays(Snapshot snapshot) {
        this.snapshot = snapshot;
        this.open = snapshot.intents().values().stream()
                .filter(Intent::isOpen)
                .collect(Collectors.groupingBy(intent -> intent.command().service()));
    }

    Delay of(Intent intent) {
        if (!(intent.phase() instanceof Pending)) {
            return Delay.NONE;
        }
        QueuePlace place = snapshot.orders().get(intent.id());
        return place != null
                ? Delay.inTheQueue(place)
                : hindrance(intent).map(Delay::because).orElse(Delay.NONE);
    }

    private Optional<String> hindrance(Intent intent) {
        Optional<Instant> notBefore = intent.command().notBefore().filter(snapshot.at()::isBefore);
        if (notBefore.isPresent()) {
            return Optional.of("is not to begin before " + notBefore.get());
        }
        if (intent.origin() != Origin.LOCAL && snapshot.kafka() != KafkaStatus.LIVE) {
            return Optional.of("is recorded on Kafka and waits for it: Kafka is " + Words.of(snapshot.kafka()));
        }
        return switch (snapshot.sidecar()) {
            case RESTORING -> Optional.of("waits for the state to be restored");
            case STOPPING -> Optional.of("the sidecar is leaving; the next one goes on with it");
            case PROVISIONAL, RUNNING -> inFront(intent);
        };
    }

    private Optional<String> inFront(Intent intent) {
        List<Intent> same = open.getOrDefault(intent.command().service(), List.of());
        Optional<Intent> under =
                same.stream().filter(other -> other.phase() instanceof Started).findFirst();
        if (under.isPresent()) {
            boolean rides = under.get().phase() instanceof Started started
                    && started.riders().contains(intent.id());
            return Optional.of((rides ? "is carried out with " : "comes after ")
                    + under.get().id() + ", which is under way");
        }
        return same.stream()
                .filter(other -> other.order() < intent.order())
                .findFirst()
                .map(first -> "comes after " + first.id() + ", or is carried out with it")
                .or(() -> PlannedRun.time(intent).map(ignored -> "waits for the run before it to be over"));
    }
}
