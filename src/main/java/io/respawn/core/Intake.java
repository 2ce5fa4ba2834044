package io.respawn.core;

import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Origin;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Pending;
import io.respawn.core.Intent.Started;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import java.util.List;
import java.util.Optional;

/** Takes commands in: each position once, each id once, and everything else gets an answer. */
final class Intake {

    private final Turn turn;
    private final Orders orders;

    Intake(Turn turn) {
        this.turn = turn;
        this.orders = new Orders(turn);
    }

    /** Takes an order that the sidecar gives itself; there is room for it, since services are few. */
    void ordered(Command command) {
        Intent intent =
                new Intent(command, turn.takeOrder(), Origin.LOCAL, Optional.empty(), turn.now(), new Pending());
        turn.put(intent);
        turn.announce(Announcements.of(turn, intent, "accepted", ""));
        schedule(intent);
    }

    void received(Command command, Optional<Position> position) {
        if (position.isPresent() && !takePosition(position.get())) {
            return;
        }
        Optional<Intent> known = turn.state().intent(command.id());
        if (known.isPresent()) {
            repeated(command, known.get(), position);
            return;
        }
        Origin origin = position.isPresent() ? Origin.TOPIC : Origin.LOCAL;
        Intent intent = new Intent(command, turn.takeOrder(), origin, position, turn.now(), new Pending());
        Optional<String> objection = objection(command);
        if (objection.isPresent()) {
            orders.end(intent, Outcome.REJECTED, objection.get());
            return;
        }
        turn.put(intent);
        turn.announce(Announcements.of(turn, intent, "accepted", ""));
        if (command.expiresAt().filter(at -> !turn.now().isBefore(at)).isPresent()) {
            orders.end(intent, Outcome.EXPIRED, Orders.expiry(command));
            return;
        }
        accepted(intent);
    }

    private void accepted(Intent intent) {
        Command command = intent.command();
        switch (command.action()) {
            case PING -> {
                turn.announce(Announcements.of(turn, intent, "started", ""));
                orders.end(intent, Outcome.SUCCEEDED, "");
            }
            case CANCEL -> cancel(intent);
            case STOP -> {
                // A stop for tomorrow is no reason to leave undone what was ordered for today.
                if (!orders.isTooEarly(intent)) {
                    orders.cancelEarlier(intent);
                }
                schedule(intent);
            }
            case START -> start(intent);
            case RESTART, SIGNAL, RESET, SCALE, RELOAD, RESPAWN -> schedule(intent);
        }
    }

    /** Of runs that come due while none can begin, one waits for all. */
    private void start(Intent intent) {
        Optional<Intent> ahead = new Scheduled(turn).ahead(intent);
        if (ahead.isEmpty()) {
            schedule(intent);
            return;
        }
        IntentId first = ahead.get().id();
        String detail = "carried out with " + first + ", which waits already";
        orders.end(intent, new Ended(Outcome.COALESCED, turn.now(), detail, List.of(), Optional.of(first)));
    }

    private void schedule(Intent intent) {
        rearm(intent);
        turn.advanceLater(intent.command().service());
    }

    /** Arms the timers of an intent that waits. */
    void rearm(Intent intent) {
        Command command = intent.command();
        command.notBefore()
                .filter(turn.now()::isBefore)
                .ifPresent(at -> turn.perform(new Effect.ArmTimer(new TimerKey.OfIntent(intent.id(), false), at)));
        command.expiresAt()
                .ifPresent(at -> turn.perform(new Effect.ArmTimer(new TimerKey.OfIntent(intent.id(), true), at)));
    }

    /** False when this offset was taken before: a delivery that is repeated changes nothing. */
    boolean takePosition(Position position) {
        Long next = turn.state().ledger().positions().get(position.partitionName());
        if (next != null && position.offset() < next) {
            return false;
        }
        turn.readUpTo(position.partitionName(), position.offset() + 1);
        return true;
    }

    private void repeated(Command command, Intent known, Optional<Position> position) {
        boolean same = known.command().source().equals(command.source())
                && known.command().bodyHash() == command.bodyHash();
        if (same) {
            // Nothing new, but its sender's position must not hang in memory until something else happens.
            turn.keepPosition();
            return;
        }
        String where = position.map(Position::toString).orElse("local");
        turn.announce(refusal(
                command.id(),
                where,
                "Cannot take this command: its id was used before with another content; send it with an id of its own",
                command.requestedBy()));
    }

    void refused(IntentId id, String reason, String requestedBy, Position position) {
        if (takePosition(position)) {
            turn.announce(refusal(id, position.toString(), reason, requestedBy));
        }
    }

    private PublicEvent refusal(IntentId id, String where, String reason, String requestedBy) {
        return new PublicEvent(
                id + "/rejected/" + where,
                PublicEvent.intentType(Outcome.REJECTED.word()),
                turn.now(),
                Optional.empty(),
                java.util.OptionalInt.empty(),
                Optional.of(id),
                "",
                java.util.OptionalLong.empty(),
                java.util.OptionalLong.empty(),
                "",
                "",
                requestedBy,
                reason,
                where,
                "");
    }

    /** Why a command cannot be an intent here; empty when it can. */
    private Optional<String> objection(Command command) {
        Action action = command.action();
        if (turn.standing().isStopping()) {
            return Optional.of("Cannot take orders: the sidecar is stopping");
        }
        if (turn.standing().kafka() == KafkaStatus.FENCED) {
            return Optional.of("Cannot take orders: " + turn.standing().kafkaDetail()
                    + "; order it from the sidecar that owns the state");
        }
        Optional<String> full = new Buffer(turn).objection(command);
        if (full.isPresent()) {
            return full;
        }
        if (command.service().isEmpty()) {
            return Optional.empty();
        }
        Optional<ServiceSpec> spec =
                turn.state().plan().service(command.service().get());
        if (spec.isEmpty()) {
            return Optional.of("Cannot " + action.word() + " '"
                    + command.service().get() + "': no such service; declared are " + names());
        }
        return objection(command, spec.get(), turn.state().wanted(spec.get().name()));
    }

    private static Optional<String> objection(Command command, ServiceSpec spec, int instances) {
        if (command.instance().isPresent() && command.instance().getAsInt() >= instances) {
            return Optional.of("Cannot " + command.action().word() + " instance "
                    + command.instance().getAsInt() + " of '" + spec.name() + "': its instances are 0 to "
                    + (instances - 1));
        }
        boolean whole =
                switch (command.action()) {
                    case STOP, START, SCALE -> true;
                    case RESTART, SIGNAL, RESET, CANCEL, RELOAD, RESPAWN, PING -> false;
                };
        if (whole && command.instance().isPresent() && instances > 1) {
            return Optional.of("Cannot " + command.action().word() + " one instance of '" + spec.name()
                    + "': leave the field 'instance' out, what should run is decided for the whole service");
        }
        boolean oneFile =
                spec.output().file().filter(file -> !file.tellsInstancesApart()).isPresent();
        if (command.action() == Action.SCALE && command.instances().orElseThrow() > 1 && oneFile) {
            return Optional.of("Cannot scale '" + spec.name() + "': its instances would write to one file; put"
                    + " {instance} into output.file.path");
        }
        Optional<Signal> signal = command.signal();
        if (command.action() == Action.SIGNAL && !spec.signals().contains(signal.orElseThrow())) {
            return Optional.of("Cannot send " + signal.get() + " to '" + spec.name() + "': allowed are "
                    + spec.signals().stream().sorted().toList());
        }
        return Optional.empty();
    }

    private String names() {
        return turn.state().plan().services().keySet().stream()
                .limit(20)
                .toList()
                .toString();
    }

    private void cancel(Intent intent) {
        IntentId target = intent.command().target().orElseThrow();
        if (target.equals(intent.id())) {
            orders.end(intent, Outcome.FAILED, "Cannot cancel " + target + ": it is this very order");
            return;
        }
        Optional<Intent> victim = turn.state().intent(target);
        if (victim.isEmpty() || !(victim.get().phase() instanceof Pending)) {
            String why = victim.map(v -> switch (v.phase()) {
                        case Started ignored -> "it has begun and goes on to its end; only a stop overtakes it";
                        case Ended ended -> "it is over: " + ended.outcome().word();
                        case Pending ignored -> "";
                    })
                    .orElse("there is no such intent");
            orders.end(intent, Outcome.FAILED, "Cannot cancel " + target + ": " + why);
            return;
        }
        orders.cancel(victim.get(), intent.id(), "cancelled by " + intent.id());
        turn.announce(Announcements.of(turn, intent, "started", ""));
        orders.end(intent, Outcome.SUCCEEDED, "");
    }

    void timerFired(Intent intent, boolean expiry) {
        if (!(intent.phase() instanceof Pending)) {
            return;
        }
        if (expiry) {
            orders.end(intent, Outcome.EXPIRED, Orders.expiry(intent.command()));
        } else {
            turn.advanceLater(intent.command().service());
        }
    }
}
