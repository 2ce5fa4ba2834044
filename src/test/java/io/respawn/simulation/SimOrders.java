package io.respawn.simulation;

import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Makes orders at random, with everything an order can say. */
final class SimOrders {

    private static final List<Action> ACTIONS = List.of(
            Action.RESTART,
            Action.RESTART,
            Action.RESTART,
            Action.STOP,
            Action.START,
            Action.PING,
            Action.RESET,
            Action.SIGNAL,
            Action.SCALE,
            Action.CANCEL,
            Action.RELOAD,
            Action.RELOAD,
            Action.RESPAWN);

    private final RandomGenerator random;
    private final Plan plan;

    SimOrders(RandomGenerator random, Plan plan) {
        this.random = random;
        this.plan = plan;
    }

    Command next(int number, Instant now) {
        Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
        Optional<Instant> notBefore = random.nextInt(6) == 0
                ? Optional.of(now.plus(Duration.ofSeconds(random.nextInt(90))))
                : Optional.empty();
        Optional<Instant> expiresAt = random.nextInt(6) == 0
                ? Optional.of(notBefore.orElse(now).plus(Duration.ofSeconds(1 + random.nextInt(60))))
                : Optional.empty();
        return new Command(
                new IntentId("intent-" + number),
                // The clock may order less than others.
                random.nextInt(5) == 0 ? "schedule" : "sim",
                action,
                action.needsService() ? Optional.of(service()) : Optional.empty(),
                OptionalInt.empty(),
                action == Action.SCALE ? OptionalInt.of(1 + random.nextInt(3)) : OptionalInt.empty(),
                action == Action.SIGNAL ? Optional.of(Signal.HUP) : Optional.empty(),
                action == Action.CANCEL
                        ? Optional.of(new IntentId("intent-" + random.nextInt(number + 1)))
                        : Optional.empty(),
                "",
                "",
                0,
                notBefore,
                expiresAt,
                random.nextInt(10) == 0 ? OptionalLong.of(1 + random.nextInt(4)) : OptionalLong.empty(),
                random.nextInt(4) == 0 ? WaitFor.READY : WaitFor.STARTED,
                random.nextInt(10) == 0 ? Optional.of(Duration.ofMillis(random.nextInt(9_000))) : Optional.empty(),
                false,
                "",
                number);
    }

    private ServiceName service() {
        List<ServiceName> names = List.copyOf(plan.services().keySet());
        return names.get(random.nextInt(names.size()));
    }
}
