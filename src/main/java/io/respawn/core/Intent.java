package io.respawn.core;

import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command that was validated and accepted, and what became of it.
 *
 * @param order ordinal of acceptance; intents of a service are carried out in this order
 * @param origin where the command came from
 * @param position where it stood on the topic, empty for a local order
 */
public record Intent(
        Command command, long order, Origin origin, Optional<Position> position, Instant acceptedAt, Phase phase)
        implements StateRecord {

    /** The road a command took, which says what has to be durable before it is acted upon. */
    public enum Origin {
        /** By Kafka; whoever owns the state carries it out. */
        TOPIC,
        /** Given to this host, which carries it out from its disk if need be; no other host ever does. */
        LOCAL,
        /** Given to a host, and recorded on Kafka while it waited: from then on it is as if it had come by Kafka. */
        RECORDED
    }

    /** How far an intent is. */
    public sealed interface Phase {}

    /** Accepted; waits for its turn. */
    public record Pending() implements Phase {}

    /**
     * Bound to what it is going to do; the processes may be touched once this is committed.
     *
     * @param riders orders like it that its success satisfies
     */
    public record Started(Instant at, List<Target> targets, List<IntentId> riders) implements Phase {
        public Started {
            targets = List.copyOf(targets);
            riders = List.copyOf(riders);
        }

        public Started(Instant at, List<Target> targets) {
            this(at, targets, List.of());
        }
    }

    /**
     * Over; kept for a while so that the same id is recognised.
     *
     * @param by the other intent that brought this end about: it carried this one out too, cancelled or overtook it
     * @param blackout of a respawn: how long nobody handled anything
     */
    public record Ended(
            Outcome outcome,
            Instant at,
            String detail,
            List<Target> targets,
            Optional<IntentId> by,
            Optional<Duration> blackout)
            implements Phase {
        public Ended {
            targets = List.copyOf(targets);
        }

        public Ended(Outcome outcome, Instant at, String detail, List<Target> targets) {
            this(outcome, at, detail, targets, Optional.empty());
        }

        public Ended(Outcome outcome, Instant at, String detail, List<Target> targets, Optional<IntentId> by) {
            this(outcome, at, detail, targets, by, Optional.empty());
        }
    }

    /** How an intent ended. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        REJECTED,
        EXPIRED,
        COALESCED,
        CANCELLED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The worst that happened counts; an intent of which any part was carried out was carried out. */
        static Outcome ofAll(List<Outcome> parts) {
            for (Outcome outcome : List.of(FAILED, REJECTED, CANCELLED, SUCCEEDED)) {
                if (parts.contains(outcome)) {
                    return outcome;
                }
            }
            return parts.isEmpty() ? SUCCEEDED : COALESCED;
        }
    }

    /**
     * What the intent does to one instance.
     *
     * @param before the incarnation it found
     * @param after the incarnation that satisfied it; equal to {@code before} until there is one
     * @param result empty while under way
     */
    public record Target(int index, long before, long after, Optional<Result> result) {
        Target ended(Outcome outcome, long incarnation, String detail) {
            return new Target(index, before, incarnation, Optional.of(new Result(outcome, detail)));
        }
    }

    /** How the part of an intent that concerns one instance ended. */
    public record Result(Outcome outcome, String detail) {}

    public IntentId id() {
        return command.id();
    }

    @Override
    public String key() {
        return "intent/" + id();
    }

    /** The same, waiting for Kafka as if it had come from there. */
    Intent recorded() {
        return new Intent(command, order, Origin.RECORDED, position, acceptedAt, phase);
    }

    public boolean isOpen() {
        return !(phase instanceof Ended);
    }

    public List<Target> targets() {
        return switch (phase) {
            case Pending ignored -> List.of();
            case Started started -> started.targets();
            case Ended ended -> ended.targets();
        };
    }

    Intent in(Phase next) {
        return new Intent(command, order, origin, position, acceptedAt, next);
    }

    Intent with(Target changed) {
        if (!(phase instanceof Started started)) {
            throw new IllegalStateException("Cannot change a target of intent " + id() + ": it is not started");
        }
        List<Target> next = new ArrayList<>(started.targets());
        next.replaceAll(t -> t.index() == changed.index() ? changed : t);
        return in(new Started(started.at(), next, started.riders()));
    }
}
