package io.respawn.core;

import io.respawn.model.Action;
import io.respawn.model.Budget;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Rate;
import io.respawn.model.ServiceName;
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
 * Rations ordered restarts before anything is touched, so that what waits for a permit runs on meanwhile. Each takes its
 * permits, one an instance, from the limiter of its service and from that of all; both are instants in the ledger.
 */
final class Rations {

    private static final String ALL = "ordered";

    private record Candidate(Intent intent, ServiceSpec spec, int permits) {

        private static final Comparator<Candidate> FIRST_SERVED = Comparator.comparingInt(
                        (Candidate candidate) -> -candidate.intent().command().priority())
                .thenComparingInt(candidate -> -candidate.spec().role().priority())
                .thenComparing(candidate -> !candidate.spec().role().essential())
                .thenComparingLong(candidate -> candidate.intent().order());
    }

    private final Turn turn;
    private final Orders orders;

    Rations(Turn turn) {
        this.turn = turn;
        this.orders = new Orders(turn);
    }

    /** Whether an intent needs permits before it may start; what is not declared any more only fails. */
    static boolean concern(State state, Intent intent) {
        Command command = intent.command();
        return command.action() == Action.RESTART
                && !command.force()
                && command.service().flatMap(state.plan()::service).isPresent();
    }

    /** Starts those that may go now, and arms the timer for the next. Nobody overtakes the first for want of permits. */
    void pump() {
        Instant soonest = allAllowedAt(1);
        if (soonest.isAfter(turn.now())) {
            // Thousands may wait: who goes first is asked when somebody may go, not for each new order.
            turn.perform(new Effect.ArmTimer(new TimerKey.OrderRelease(), soonest));
            return;
        }
        Optional<Instant> next = Optional.empty();
        for (Candidate candidate : candidates()) {
            Instant own = ownAllowedAt(candidate);
            Instant all = allAllowedAt(candidate.permits());
            Instant allowed = own.isAfter(all) ? own : all;
            if (allowed.isAfter(turn.now())) {
                next = Optional.of(next.filter(allowed::isAfter).orElse(allowed));
                if (all.isAfter(turn.now())) {
                    break;
                }
                continue;
            }
            if (orders.start(candidate.intent())) {
                take(candidate);
            }
        }
        next.ifPresent(at -> turn.perform(new Effect.ArmTimer(new TimerKey.OrderRelease(), at)));
    }

    private List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (Optional<ServiceName> service : turn.state().open().services()) {
            orders.next(service)
                    .filter(next -> concern(turn.state(), next))
                    .flatMap(this::candidate)
                    .ifPresent(candidates::add);
        }
        candidates.sort(Candidate.FIRST_SERVED);
        return candidates;
    }

    private Optional<Candidate> candidate(Intent intent) {
        return intent.command().service().flatMap(turn.state().plan()::service).map(spec -> {
            boolean one = intent.command().instance().isPresent();
            return new Candidate(intent, spec, one ? 1 : turn.state().wanted(spec.name()));
        });
    }

    private Instant ownAllowedAt(Candidate candidate) {
        return candidate
                .spec()
                .restart()
                .rate()
                .map(rate -> allowedAt(limiter(candidate.spec().name()), rate, candidate.permits()))
                .orElse(turn.now());
    }

    private Instant allAllowedAt(int permits) {
        return allowedAt(ALL, turn.state().plan().budget().rate(), permits);
    }

    private Instant allowedAt(String limiter, Rate rate, int permits) {
        Instant caughtUp = turn.state().ledger().limiters().get(limiter);
        return caughtUp == null ? turn.now() : Gcra.allowedAt(caughtUp, turn.now(), rate, permits);
    }

    private void take(Candidate candidate) {
        candidate
                .spec()
                .restart()
                .rate()
                .ifPresent(rate -> take(limiter(candidate.spec().name()), rate, candidate.permits()));
        take(ALL, turn.state().plan().budget().rate(), candidate.permits());
    }

    private void take(String limiter, Rate rate, int permits) {
        Ledger ledger = turn.state().ledger();
        Instant caughtUp = ledger.limiters().getOrDefault(limiter, turn.now());
        turn.state().fold(ledger.withLimiter(limiter, Gcra.taken(caughtUp, turn.now(), rate, permits)));
    }

    private static String limiter(ServiceName service) {
        return "service/" + service;
    }

    /** Where those stand that wait for permits, as people see it. */
    Map<IntentId, QueuePlace> places() {
        Map<IntentId, QueuePlace> places = new HashMap<>();
        Budget budget = turn.state().plan().budget();
        int ahead = 0;
        int position = 1;
        for (Candidate candidate : candidates()) {
            Instant all = allAllowedAt(candidate.permits())
                    .plus(budget.rate().spacing().multipliedBy(ahead));
            Instant own = ownAllowedAt(candidate);
            Instant eta = own.isAfter(all) ? own : all;
            Duration wait = Duration.between(turn.now(), eta);
            places.put(
                    candidate.intent().id(),
                    new QueuePlace(
                            position,
                            Optional.of(wait.isNegative() ? turn.now() : eta),
                            "number " + position + " in the queue of the budget"));
            ahead += candidate.permits();
            position++;
        }
        return places;
    }
}
