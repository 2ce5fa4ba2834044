package io.respawn.web;

import io.respawn.core.Ledger;
import io.respawn.supervise.Snapshot;
import java.util.List;

/**
 * How far the sidecar itself is, as the API says it.
 *
 * @param id its name on the topics
 * @param phase restoring, provisional, running, stopping
 * @param kafka connecting, restoring, live, degraded, fenced, off
 * @param kafkaDetail why, in words
 * @param durability where an order given now would be kept: memory, local, kafka
 * @param durabilityDetail why, in words
 * @param epoch ordinal of its ownership of the state
 * @param seq ordinal of the last batch
 * @param unacknowledged batches that Kafka does not have yet
 * @param generation ordinal of the plan in force
 * @param drift what the configuration says otherwise, in words; empty when it says the same
 * @param respawns the last times that it loaded itself anew, or was to, the newest first
 */
public record SidecarView(
        String id,
        String phase,
        String kafka,
        String kafkaDetail,
        String durability,
        String durabilityDetail,
        long epoch,
        long seq,
        long unacknowledged,
        long generation,
        String drift,
        List<RespawnView> respawns) {

    static SidecarView of(Snapshot snapshot, PlanChangesView drift) {
        Ledger ledger = snapshot.ledger();
        return new SidecarView(
                snapshot.plan().id().value(),
                Words.of(snapshot.sidecar()),
                Words.of(snapshot.kafka()),
                snapshot.kafkaDetail(),
                snapshot.durability().word(),
                snapshot.durabilityDetail(),
                ledger.epoch(),
                ledger.seq(),
                snapshot.unacknowledged(),
                snapshot.generation(),
                drift.words(),
                RespawnView.last(snapshot));
    }
}
