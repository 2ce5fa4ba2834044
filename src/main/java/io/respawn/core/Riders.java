package io.respawn.core;

import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Pending;
import io.respawn.core.Intent.Started;
import io.respawn.core.Intent.Target;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.WaitFor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Restarts that wait while one like them is carried out: what it does satisfies them too, since they were accepted before
 * it touched anything. If it fails, each has its own turn.
 */
final class Riders {

    private final Turn turn;
    private final Orders orders;

    Riders(Turn turn) {
        this.turn = turn;
        this.orders = new Orders(turn);
    }

    /** Who rides along with one that starts now. */
    List<IntentId> of(Intent leader) {
        if (leader.command().action() != Action.RESTART) {
            return List.of();
        }
        return turn.state().open().others(leader.command().service(), turn.now()).stream()
                .filter(intent -> !intent.id().equals(leader.id()))
                .filter(intent -> isSatisfiedBy(intent.command(), leader.command()))
                .map(Intent::id)
                .toList();
    }

    private static boolean isSatisfiedBy(Command rider, Command leader) {
        boolean lateEnough = rider.waitFor() == WaitFor.STARTED || leader.waitFor() == WaitFor.READY;
        boolean sameProcess =
                rider.ifIncarnation().isEmpty() || rider.ifIncarnation().equals(leader.ifIncarnation());
        return rider.action() == leader.action()
                && rider.instance().equals(leader.instance())
                && rider.gracePeriod().equals(leader.gracePeriod())
                && sameProcess
                && lateEnough;
    }

    /** The one in front has ended. */
    void arrived(Intent leader, Outcome outcome) {
        if (outcome != Outcome.SUCCEEDED || !(leader.phase() instanceof Started started)) {
            return;
        }
        String incarnations = started.targets().stream()
                .map(Target::after)
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        String detail = "carried out by " + leader.id() + ": incarnation " + incarnations;
        List<Target> targets = started.targets().stream()
                .map(target -> target.ended(Outcome.COALESCED, target.after(), detail))
                .toList();
        for (IntentId id : started.riders()) {
            turn.state()
                    .intent(id)
                    .filter(rider -> rider.phase() instanceof Pending)
                    .ifPresent(rider -> orders.end(
                            rider,
                            new Ended(Outcome.COALESCED, turn.now(), detail, targets, Optional.of(leader.id()))));
        }
    }
}
