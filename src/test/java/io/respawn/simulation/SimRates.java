package io.respawn.simulation;

import io.respawn.core.Effect;
import io.respawn.core.Intent;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.Plan;
import io.respawn.model.Rate;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what the budget let go: in no span of time may it be more than a burst and what the rate gives. */
final class SimRates {

    private record Gone(Instant at, int permits) {}

    private final Plan plan;
    private final Map<String, List<Gone>> gone = new HashMap<>();

    SimRates(Plan plan) {
        this.plan = plan;
    }

    /** An order was started: a restart that is not forced has had its permits by then. */
    void started(Intent intent, Instant now) {
        Command command = intent.command();
        if (command.action() == Action.RESTART && !command.force()) {
            int permits = intent.targets().size();
            go("orders", plan.budget().rate(), permits, now);
            Optional<ServiceSpec> spec = command.service().flatMap(plan::service);
            spec.map(ServiceSpec::restart)
                    .flatMap(RestartPolicy::rate)
                    .ifPresent(rate -> go(command.service().toString(), rate, permits, now));
        }
    }

    /** A process is to be started: a first one is free, and so is one whose order has paid. */
    void spawned(Effect.Spawn spawn, Optional<Intent> intent, Instant now) {
        if (intent.isEmpty() && spawn.incarnation() > 1) {
            go("crashes", plan.budget().rate(), 1, now);
        }
        boolean ordered = intent.map(Intent::command)
                .filter(command -> command.action() != Action.RESTART && !command.force())
                .isPresent();
        if (ordered) {
            go("orders", plan.budget().rate(), 1, now);
        }
    }

    private void go(String who, Rate rate, int permits, Instant now) {
        List<Gone> known = gone.computeIfAbsent(who, first -> new ArrayList<>());
        known.add(new Gone(now, Math.min(permits, rate.burst())));
        long sum = 0;
        for (Gone each : known.reversed()) {
            sum += each.permits();
            long given = rate.burst() + Duration.between(each.at(), now).dividedBy(rate.spacing());
            if (sum > given) {
                throw new AssertionError(who + ": more went than the rate allows, " + sum + " since " + each.at()
                        + " instead of " + given);
            }
        }
    }
}
