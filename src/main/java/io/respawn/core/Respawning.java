package io.respawn.core;

import io.respawn.core.Intent.Outcome;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import java.util.Optional;

/**
 * The order to load the sidecar anew: carried out at most once, so that a broken image cannot be loaded again and again.
 * Everything else goes on where it was, whichever way it ends.
 */
final class Respawning {

    private final Turn turn;

    Respawning(Turn turn) {
        this.turn = turn;
    }

    /** It is durable that it begins. */
    void begin(Intent intent) {
        Command command = intent.command();
        String by = command.requestedBy().isEmpty() ? "" : " by " + command.requestedBy();
        String why = command.reason().isEmpty() ? "" : ": " + command.reason();
        turn.announceSidecar("respawning", "ordered" + by + why);
        turn.perform(new Effect.Respawn(intent.id()));
    }

    void refused(Event.RespawnRefused refused) {
        begun(Optional.of(refused.intent()))
                .ifPresent(intent -> new Orders(turn).end(intent, Outcome.FAILED, refused.reason()));
    }

    /** A new image goes on with what the old one handed over; whatever was on its way to the disk is asked for again. */
    void resumed(Event.Resumed resumed) {
        String detail = "after " + resumed.blackout().toMillis() + " ms, with " + resumed.carried();
        turn.announceSidecar("resumed", detail);
        begun(resumed.intent())
                .ifPresent(intent -> new Orders(turn)
                        .end(
                                intent,
                                new Intent.Ended(
                                        Outcome.SUCCEEDED,
                                        turn.now(),
                                        detail,
                                        intent.targets(),
                                        Optional.empty(),
                                        Optional.of(resumed.blackout()))));
        for (Standing.Gate gate : turn.standing().gates().values()) {
            if (gate instanceof Standing.Gate.OnDisk disk) {
                turn.perform(new Effect.SyncJournal(disk.seq()));
            }
        }
        new Reloading(turn).again();
        new Hooking(turn).again();
    }

    private Optional<Intent> begun(Optional<IntentId> id) {
        return id.flatMap(turn.state()::intent).filter(intent -> intent.phase() instanceof Intent.Started);
    }

    /** A life without a capsule finds it begun: nobody knows how far it came, and it is not tried again. */
    void interrupted(Intent intent) {
        new Orders(turn)
                .end(
                        intent,
                        Outcome.FAILED,
                        "interrupted: the sidecar ended before its new image went on; see its log, and order it again");
    }
}
