package io.respawn.core;

import io.respawn.core.Event.BatchesCommitted;
import io.respawn.core.Event.JournalChanged;
import io.respawn.core.Event.JournalSynced;
import io.respawn.core.Event.KafkaChanged;
import io.respawn.core.Standing.Gate;
import io.respawn.model.IntentId;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Opens the gates of started intents as their batches become durable, and follows what disk and Kafka can do. */
final class Gates {

    private final Turn turn;

    Gates(Turn turn) {
        this.turn = turn;
    }

    void synced(JournalSynced synced) {
        release(gate -> gate instanceof Gate.OnDisk && gate.seq() <= synced.seq());
    }

    void committed(BatchesCommitted committed) {
        if (committed.epoch() == turn.state().ledger().epoch()) {
            release(gate -> gate.seq() <= committed.seq());
        }
        if (turn.standing().kafka() == KafkaStatus.LIVE) {
            record();
        }
    }

    /** What waits here while Kafka can be had is everybody's from now on: another host may have to go on with it. */
    private void record() {
        turn.state().open().local().forEach(intent -> turn.put(intent.recorded()));
    }

    private void release(Predicate<Gate> opens) {
        List<IntentId> ready = turn.standing().gates().entrySet().stream()
                .filter(entry -> opens.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        ready.forEach(turn::releaseLater);
    }

    void journalChanged(JournalChanged changed) {
        turn.standing().durable(changed.durable(), changed.detail());
        if (!changed.durable()) {
            // Nobody will answer for the disk any more; memory is all there is, and the status says so.
            release(gate -> gate instanceof Gate.OnDisk);
        }
    }

    void kafkaChanged(KafkaChanged changed) {
        Standing standing = turn.standing();
        KafkaStatus before = standing.kafka();
        standing.kafka(changed.status(), changed.detail());
        switch (changed.status()) {
            case LIVE -> {
                record();
                turn.state().open().services().forEach(turn::advanceLater);
            }
            case DEGRADED -> {
                if (before != KafkaStatus.DEGRADED) {
                    turn.announceSidecar("degraded", changed.detail());
                }
                localGatesToDisk();
            }
            case FENCED -> {
                if (before != KafkaStatus.FENCED) {
                    turn.announceSidecar("fenced", changed.detail());
                }
            }
            case CONNECTING, RESTORING, OFF -> {}
        }
    }

    /** Local orders do not wait for Kafka: the disk of this machine is enough for them. */
    private void localGatesToDisk() {
        Map<IntentId, Gate> gates = turn.standing().gates();
        for (IntentId id : List.copyOf(gates.keySet())) {
            boolean local = turn.state()
                    .intent(id)
                    .filter(intent -> intent.origin() == Intent.Origin.LOCAL)
                    .isPresent();
            if (local && gates.get(id) instanceof Gate.OnKafka waiting) {
                if (turn.standing().isDurable()) {
                    gates.put(id, new Gate.OnDisk(waiting.seq()));
                    turn.perform(new Effect.SyncJournal(waiting.seq()));
                } else {
                    turn.releaseLater(id);
                }
            }
        }
    }
}
