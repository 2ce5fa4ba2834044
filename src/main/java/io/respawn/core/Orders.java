package io.respawn.core;

import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Started;
import io.respawn.core.Intent.Target;
import io.respawn.core.Standing.Gate;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.util.List;
import java.util.Optional;

/** Carries intents through their life: start them in order, act on them once that is durable, end them once. */
final class Orders {

    /** Why an order for something that was taken out of the configuration ends. */
    static final String UNDECLARED = "Cannot carry this out: the service or instance is not declared any more";

    private final Turn turn;

    Orders(Turn turn) {
        this.turn = turn;
    }

    /** Starts what may start of a service's open intents: one at a time, in the order of acceptance. */
    void advance(Optional<ServiceName> service) {
        // Their timers say so too, but a new life may come here first.
        turn.state()
                .open()
                .expired(service, turn.now())
                .forEach(intent -> end(intent, Outcome.EXPIRED, expiry(intent.command())));
        Optional<Intent> next = next(service);
        while (next.isPresent()) {
            if (Rations.concern(turn.state(), next.get())) {
                turn.rationLater();
                return;
            }
            start(next.get());
            next = next(service);
        }
    }

    /** Whose turn it is; one that waits for its permits is overtaken by a stop, and by what is forced, only. */
    Optional<Intent> next(Optional<ServiceName> service) {
        OpenIntents open = turn.state().open();
        Optional<Intent> under = open.started(service);
        if (under.isPresent()) {
            return open.firstStop(service, turn.now(), stop -> mayGo(stop) && mayPreempt(stop, under.get()));
        }
        Optional<Intent> stop = open.firstStop(service, turn.now(), this::mayGo);
        Optional<Intent> forced = open.firstForced(service, turn.now(), this::mayGo);
        Optional<Intent> other = open.firstOther(service, turn.now(), this::mayGo);
        Optional<Intent> hasty = OpenIntents.earlier(stop, forced);
        boolean waits =
                other.filter(first -> Rations.concern(turn.state(), first)).isPresent();
        return waits && hasty.isPresent() ? hasty : OpenIntents.earlier(hasty, other);
    }

    private boolean mayGo(Intent intent) {
        return !isTooLate(intent) && mayStart(intent) && !new Scheduled(turn).waits(intent);
    }

    private boolean isTooLate(Intent intent) {
        return intent.command()
                .expiresAt()
                .filter(at -> !turn.now().isBefore(at))
                .isPresent();
    }

    /** Why an intent that came too late has ended. */
    static String expiry(Command command) {
        return "expired at " + command.expiresAt().orElseThrow();
    }

    /**
     * A stop does not wait for a restart that may itself be waiting, for example for a dependency; nor for another stop if it
     * says itself how long that may take.
     */
    private static boolean mayPreempt(Intent stop, Intent under) {
        Action held = under.command().action();
        boolean hurries = held == Action.STOP && stop.command().gracePeriod().isPresent();
        return hurries || held == Action.RESTART || held == Action.START || held == Action.SCALE;
    }

    boolean isTooEarly(Intent intent) {
        return intent.command().notBefore().filter(turn.now()::isBefore).isPresent();
    }

    /** What Kafka knows of needs Kafka to be live, so that a fenced sidecar never acts; local ones need the disk. */
    private boolean mayStart(Intent intent) {
        Standing standing = turn.standing();
        if (standing.isStopping() || standing.kafka() == KafkaStatus.FENCED || !standing.isOpenForServices()) {
            return false;
        }
        return switch (intent.origin()) {
            case TOPIC, RECORDED -> standing.kafka() == KafkaStatus.LIVE;
            case LOCAL -> true;
        };
    }

    /** Binds an intent to what it is going to do; false when there is nothing that it could do. */
    boolean start(Intent intent) {
        Command command = intent.command();
        if (command.action() == Action.RESPAWN || command.action() == Action.RELOAD) {
            begin(intent, List.of());
            return true;
        }
        List<Instance> instances = addressed(command);
        if (instances.isEmpty() && command.action() == Action.SCALE) {
            end(intent, Outcome.COALESCED, "there are " + command.instances().orElseThrow() + " already");
            return false;
        }
        if (instances.isEmpty()) {
            end(intent, Outcome.FAILED, UNDECLARED);
            return false;
        }
        Optional<Ended> obstacle = new Obstacles(turn).of(command, instances);
        if (obstacle.isPresent()) {
            end(intent, obstacle.get());
            return false;
        }
        Optional<Intent> under = turn.state().open().started(command.service());
        under.ifPresent(held -> cancel(held, intent.id(), "overtaken by " + intent.id() + ", which stops the service"));
        List<Target> targets = instances.stream()
                .map(i -> new Target(i.id().index(), i.incarnation(), i.incarnation(), Optional.empty()))
                .toList();
        if (command.action() == Action.STOP) {
            cancelEarlier(intent);
        }
        begin(intent, targets);
        return true;
    }

    private void begin(Intent intent, List<Target> targets) {
        cancelTimers(intent);
        Intent started = intent.in(new Started(turn.now(), targets, new Riders(turn).of(intent)));
        turn.put(started);
        String force = intent.command().force() ? "forced: no budget was asked" : "";
        turn.announce(Announcements.of(turn, started, "started", force));
        gate(started);
    }

    /** What was ordered before a stop and waits is not done any more. */
    void cancelEarlier(Intent stop) {
        for (Intent intent : turn.state().open().of(stop.command().service())) {
            Action action = intent.command().action();
            boolean upward = action == Action.RESTART || action == Action.START;
            if (upward && intent.order() < stop.order() && intent.phase() instanceof Intent.Pending) {
                cancel(intent, stop.id(), "cancelled by " + stop.id() + ", which stops the service");
            }
        }
    }

    /** An instance that is recorded but not declared (any more) can only be stopped. */
    private List<Instance> addressed(Command command) {
        if (command.action() == Action.SCALE) {
            return new Scaling(turn).affected(command);
        }
        return command.service().flatMap(turn.state()::service).map(Service::instances).orElse(List.of()).stream()
                .filter(i -> command.instance().orElse(i.id().index()) == i.id().index())
                .filter(i -> command.action() == Action.STOP
                        || turn.state().spec(i.id()).isPresent())
                .toList();
    }

    /** Holds a started intent until the batch that says so is durable where it has to be. */
    void gate(Intent started) {
        Standing standing = turn.standing();
        if (started.origin() != Intent.Origin.LOCAL || standing.kafka() == KafkaStatus.LIVE) {
            standing.gates().put(started.id(), new Gate.OnKafka(turn.seq()));
        } else if (standing.isDurable()) {
            standing.gates().put(started.id(), new Gate.OnDisk(turn.seq()));
            turn.perform(new Effect.SyncJournal(turn.seq()));
        } else {
            turn.releaseLater(started.id());
        }
    }

    /** The intent's start is durable: touch the processes. */
    void release(Intent intent) {
        turn.standing().gates().remove(intent.id());
        if (!(intent.phase() instanceof Started started)) {
            return;
        }
        if (intent.command().action() == Action.RESPAWN) {
            new Respawning(turn).begin(intent);
            return;
        }
        if (intent.command().action() == Action.RELOAD) {
            turn.perform(new Effect.ReadConfiguration(intent.id()));
            return;
        }
        if (intent.command().action() == Action.SCALE) {
            new Scaling(turn).resize(intent.command());
        }
        Acts acts = new Acts(turn);
        for (Target target : started.targets()) {
            if (target.result().isEmpty()) {
                acts.perform(intent, target);
            }
        }
        turn.state().intent(intent.id()).ifPresent(this::endIfComplete);
    }

    void endTarget(Intent stale, int index, Outcome outcome, long incarnation, String detail) {
        Intent intent = turn.state().intent(stale.id()).orElseThrow();
        if (!(intent.phase() instanceof Started started)) {
            return;
        }
        for (Target target : started.targets()) {
            if (target.index() == index && target.result().isEmpty()) {
                Intent changed = intent.with(target.ended(outcome, incarnation, detail));
                turn.put(changed);
                endIfComplete(changed);
            }
        }
    }

    private void endIfComplete(Intent intent) {
        if (!(intent.phase() instanceof Started started)
                || started.targets().stream().anyMatch(t -> t.result().isEmpty())) {
            return;
        }
        List<Intent.Result> results =
                started.targets().stream().flatMap(t -> t.result().stream()).toList();
        Outcome outcome =
                Outcome.ofAll(results.stream().map(Intent.Result::outcome).toList());
        String detail = results.stream()
                .filter(result -> result.outcome() == outcome)
                .map(Intent.Result::detail)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        end(intent, outcome, detail);
    }

    void end(Intent intent, Outcome outcome, String detail) {
        end(intent, new Ended(outcome, turn.now(), detail, intent.targets()));
    }

    void cancel(Intent intent, IntentId by, String detail) {
        end(intent, new Ended(Outcome.CANCELLED, turn.now(), detail, intent.targets(), Optional.of(by)));
    }

    void end(Intent intent, Ended end) {
        // The caller's copy may be older than what this very step has made of it.
        Intent known = turn.state().intent(intent.id()).orElse(intent);
        if (!known.isOpen()) {
            return;
        }
        cancelTimers(intent);
        turn.standing().gates().remove(intent.id());
        Intent ended = intent.in(end);
        turn.put(ended);
        turn.announce(Announcements.of(turn, ended, end.outcome().word(), end.detail()));
        turn.advanceLater(intent.command().service());
        if (Rations.concern(turn.state(), intent)) {
            // It may have stood in the way of others.
            turn.rationLater();
        }
        new Riders(turn).arrived(known, end.outcome());
    }

    /** Nothing is to be done about it here any more; how it ends is said elsewhere. */
    void letGo(Intent intent) {
        cancelTimers(intent);
        turn.standing().gates().remove(intent.id());
        turn.advanceLater(intent.command().service());
    }

    private void cancelTimers(Intent intent) {
        if (intent.command().notBefore().isPresent()) {
            turn.perform(new Effect.CancelTimer(new TimerKey.OfIntent(intent.id(), false)));
        }
        if (intent.command().expiresAt().isPresent()) {
            turn.perform(new Effect.CancelTimer(new TimerKey.OfIntent(intent.id(), true)));
        }
    }
}
