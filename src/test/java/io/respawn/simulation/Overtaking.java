package io.respawn.simulation;

import io.respawn.core.Intent;
import io.respawn.core.KafkaStatus;
import io.respawn.core.State;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who was passed by an order that has begun: nobody who could have gone waits any longer for one that came later. */
final class Overtaking {

    private Overtaking() {}

    /** The first that was passed and should not have been. */
    static Optional<Intent> by(
            Intent begun, Collection<Intent> before, State after, Map<IntentId, Integer> accepted, Instant now) {
        Command command = begun.command();
        if (command.action() == Action.STOP) {
            return Optional.empty();
        }
        boolean live = after.standing().kafka() == KafkaStatus.LIVE;
        List<Intent> inFront = before.stream()
                .filter(earlier -> earlier.phase() instanceof Intent.Pending)
                .filter(earlier -> earlier.command().service().equals(command.service()))
                .filter(earlier -> accepted.get(earlier.id()) < accepted.get(begun.id()))
                .filter(earlier ->
                        earlier.command().notBefore().filter(now::isBefore).isEmpty())
                .filter(earlier -> live || earlier.origin() == Intent.Origin.LOCAL)
                .sorted(Comparator.comparing(earlier -> accepted.get(earlier.id())))
                .toList();
        Optional<Intent> passed =
                inFront.stream().filter(earlier -> stillWaits(after, earlier)).findFirst();
        return passed.filter(each -> !command.force() || !waitForPermits(inFront, each));
    }

    /** Others may have ended in the very step in which it began. */
    private static boolean stillWaits(State after, Intent intent) {
        Intent now = after.intents().get(intent.id());
        return now != null && now.phase() instanceof Intent.Pending;
    }

    /** What waits for permits, and what stands behind it, does not hold up what needs none. */
    private static boolean waitForPermits(List<Intent> inFront, Intent last) {
        return inFront.subList(0, inFront.indexOf(last) + 1).stream()
                .map(Intent::command)
                .anyMatch(each -> each.action() == Action.RESTART && !each.force());
    }
}
