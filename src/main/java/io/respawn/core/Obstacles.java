package io.respawn.core;

import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.model.Command;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out why an order is not carried out though its turn has come. */
final class Obstacles {

    private final Turn turn;

    Obstacles(Turn turn) {
        this.turn = turn;
    }

    /** How it ends at once; nothing, if it is to be carried out. */
    Optional<Ended> of(Command command, List<Instance> instances) {
        return mismatch(command, instances)
                .map(words -> new Ended(Outcome.REJECTED, turn.now(), words, List.of()))
                .or(() -> new Scheduled(turn).skipped(command, instances));
    }

    private static Optional<String> mismatch(Command command, List<Instance> instances) {
        OptionalLong wanted = command.ifIncarnation();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        return instances.stream()
                .filter(i -> i.incarnation() != wanted.getAsLong())
                .findFirst()
                .map(i -> "Cannot carry this out: ifIncarnation is " + wanted.getAsLong() + ", but " + i.id()
                        + " is at incarnation " + i.incarnation());
    }
}
