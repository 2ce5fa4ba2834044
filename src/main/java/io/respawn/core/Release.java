package io.respawn.core;

import io.respawn.core.InstanceState.Waiting;
import io.respawn.model.Action;
import io.respawn.model.Budget;
import io.respawn.model.Command;
import io.respawn.model.HookPoint;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets waiting instances go under the budget, the important ones first. First starts need no permit, nor do restarts that were ordered and have theirs, only a place among
 * those that are starting; infrastructure needs neither.
 */
final class Release {

    /** Which budget a start is taken from. */
    private enum Kind {
        /** None: its first start, or paid for when its order was started. */
        FREE(""),
        CRASH("crash"),
        ORDERED("ordered");

        /** Its name in the ledger. */
        private final String limiter;

        Kind(String limiter) {
            this.limiter = limiter;
        }

        String limiter() {
            return limiter;
        }
    }

    private record Candidate(Instance instance, ServiceSpec spec, Kind kind, Instant since) {

        private static final Comparator<Candidate> FIRST_SERVED = Comparator.comparing(
                        (Candidate candidate) -> !candidate.spec().role().infrastructure())
                .thenComparingInt(candidate -> -candidate.spec().role().priority())
                .thenComparing(candidate -> !candidate.spec().role().essential())
                .thenComparing(Candidate::since)
                .thenComparing(candidate -> candidate.instance().id());
    }

    private final Turn turn;

    Release(Turn turn) {
        this.turn = turn;
    }

    /** Spawns whoever may go now, and arms the timer for the next. Only those are put in order. */
    void pump() {
        Budget budget = turn.state().plan().budget();
        int places = budget.maxStarting() - turn.state().starting().size();
        Optional<Instant> next = Optional.empty();
        List<Candidate> going = new ArrayList<>();
        for (Candidate candidate : candidates(places > 0)) {
            Instant allowed = allowedAt(candidate, budget);
            if (allowed.isAfter(turn.now())) {
                next = Optional.of(next.filter(allowed::isAfter).orElse(allowed));
            } else {
                going.add(candidate);
            }
        }
        going.sort(Candidate.FIRST_SERVED);
        for (Candidate candidate : going) {
            boolean free = candidate.spec().role().infrastructure();
            if (!free && places <= 0) {
                // Whoever becomes ready, or ends, makes a place and has this looked at again.
                break;
            }
            Instant allowed = allowedAt(candidate, budget);
            if (allowed.isAfter(turn.now())) {
                next = Optional.of(next.filter(allowed::isAfter).orElse(allowed));
                continue;
            }
            if (!free) {
                take(candidate.kind(), budget);
                places--;
            }
            spawn(candidate.instance());
        }
        next.ifPresent(at -> turn.perform(new Effect.ArmTimer(new TimerKey.BudgetRelease(), at)));
    }

    /** Who could go but for the budget; without a place for the others only infrastructure. */
    private List<Candidate> candidates(boolean places) {
        List<Candidate> candidates = new ArrayList<>();
        for (InstanceId id : turn.state().waiting()) {
            turn.state()
                    .instance(id)
                    .flatMap(instance -> candidate(instance, places))
                    .ifPresent(candidates::add);
        }
        return candidates;
    }

    private Optional<Candidate> candidate(Instance instance, boolean places) {
        State state = turn.state();
        boolean free = !instance.hooks().isUnderWay();
        if (!(instance.state() instanceof Waiting waiting) || !free || !state.wantsUp(instance.id())) {
            return Optional.empty();
        }
        ServiceSpec spec = state.spec(instance.id()).orElseThrow();
        if (!places && !spec.role().infrastructure()) {
            return Optional.empty();
        }
        boolean open = state.standing().isOpenForServices()
                || (spec.role().infrastructure() && state.standing().phase() == Standing.Phase.RESTORING);
        if (!open || Dependencies.unmet(state, spec).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Candidate(instance, spec, kind(instance), waiting.since()));
    }

    private Kind kind(Instance instance) {
        Optional<Intent> order = new Charges(turn).of(instance);
        if (order.isPresent()) {
            Command command = order.get().command();
            return command.force() || command.action() == Action.RESTART ? Kind.FREE : Kind.ORDERED;
        }
        return instance.incarnation() == 0 ? Kind.FREE : Kind.CRASH;
    }

    private Instant allowedAt(Candidate candidate, Budget budget) {
        return candidate.spec().role().infrastructure() ? turn.now() : allowedAt(candidate.kind(), budget);
    }

    private Instant allowedAt(Kind kind, Budget budget) {
        Instant caughtUp = turn.state().ledger().limiters().get(kind.limiter());
        return kind == Kind.FREE || caughtUp == null
                ? turn.now()
                : Gcra.allowedAt(caughtUp, turn.now(), budget.rate(), 1);
    }

    private void take(Kind kind, Budget budget) {
        if (kind != Kind.FREE) {
            Instant caughtUp = turn.state().ledger().limiters().getOrDefault(kind.limiter(), turn.now());
            turn.state()
                    .fold(turn.state()
                            .ledger()
                            .withLimiter(kind.limiter(), Gcra.taken(caughtUp, turn.now(), budget.rate(), 1)));
        }
    }

    private void spawn(Instance instance) {
        Optional<IntentId> intent = new Charges(turn).of(instance).map(Intent::id);
        Instance starting = new Hooking(turn).begun(instance.spawning(turn.now(), intent), HookPoint.PRE_START);
        turn.put(starting);
        if (!starting.hooks().isUnderWay()) {
            turn.perform(new Effect.Spawn(starting.id(), starting.incarnation(), intent));
        }
    }

    /** Everybody who waits, as people see it. */
    Map<InstanceId, QueuePlace> places() {
        Budget budget = turn.state().plan().budget();
        Map<InstanceId, QueuePlace> places = new HashMap<>();
        turn.state().waiting().forEach(id -> places.put(id, new QueuePlace(0, Optional.empty(), obstacle(id))));
        Map<Kind, Integer> before = new HashMap<>();
        int position = 1;
        List<Candidate> candidates = candidates(true);
        candidates.sort(Candidate.FIRST_SERVED);
        for (Candidate candidate : candidates) {
            int ahead = before.merge(candidate.kind(), 1, Integer::sum) - 1;
            Duration wait = Duration.between(turn.now(), allowedAt(candidate.kind(), budget))
                    .plus(
                            candidate.kind() == Kind.FREE
                                    ? Duration.ZERO
                                    : budget.rate().spacing().multipliedBy(ahead));
            Instant eta = turn.now().plus(wait.isNegative() ? Duration.ZERO : wait);
            places.put(
                    candidate.instance().id(),
                    new QueuePlace(position, Optional.of(eta), "number " + position + " in the queue of the budget"));
            position++;
        }
        return places;
    }

    private String obstacle(InstanceId id) {
        State state = turn.state();
        if (state.instance(id).filter(instance -> instance.hooks().isUnderWay()).isPresent()) {
            return "waits for the post-stop hook of the process before";
        }
        return state.spec(id)
                .flatMap(spec -> Dependencies.unmet(state, spec))
                .orElse(
                        state.standing().phase() == Standing.Phase.RESTORING
                                ? "waits for the state to be restored from Kafka"
                                : "waits for its turn");
    }
}
