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

/** Makes orders of every action with every option, some of which cannot be carried out. */
final class IntentOrders {

    private static final List<Action> ACTIONS = List.of(
            Action.RESTART,
            Action.RESTART,
            Action.RESTART,
            Action.RESTART,
            Action.RESTART,
            Action.STOP,
            Action.START,
            Action.START,
            Action.PING,
            Action.RESET,
            Action.SIGNAL,
            Action.SCALE,
            Action.CANCEL,
            Action.CANCEL,
            Action.RELOAD);

    private final RandomGenerator random;
    private final List<ServiceName> names;
    private final String text;
    private ServiceName last;

    IntentOrders(RandomGenerator random, Plan plan, boolean wordy) {
        this.random = random;
        this.names = List.copyOf(plan.services().keySet());
        this.last = names.getFirst();
        this.text = wordy ? "x".repeat(256) : "";
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    Command next(int number, Instant now) {
        if (oneIn(4)) {
            // Restarts of one service, one after the other, meet more often than by chance.
            return Command.of(id(number), "sim", Action.RESTART, Optional.of(last))
                    .hashed(number);
        }
        Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
        Optional<Instant> notBefore =
                oneIn(6) ? Optional.of(now.plus(Duration.ofMillis(random.nextInt(8_000)))) : Optional.empty();
        Optional<Instant> expiresAt = oneIn(6)
                ? Optional.of(notBefore.orElse(now).plus(Duration.ofMillis(random.nextInt(6_000))))
                : Optional.empty();
        return new Command(
                id(number),
                "sim",
                action,
                action.needsService() ? Optional.of(service()) : Optional.empty(),
                oneIn(8) ? OptionalInt.of(random.nextInt(3)) : OptionalInt.empty(),
                action == Action.SCALE ? OptionalInt.of(1 + random.nextInt(3)) : OptionalInt.empty(),
                action == Action.SIGNAL ? Optional.of(oneIn(5) ? Signal.USR2 : Signal.HUP) : Optional.empty(),
                action == Action.CANCEL ? Optional.of(id(random.nextInt(number + 1))) : Optional.empty(),
                text,
                text,
                oneIn(3) ? random.nextInt(5) : 0,
                notBefore,
                expiresAt,
                oneIn(8) ? OptionalLong.of(1 + random.nextInt(3)) : OptionalLong.empty(),
                oneIn(3) ? WaitFor.READY : WaitFor.STARTED,
                oneIn(8) ? Optional.of(Duration.ofMillis(random.nextInt(4_000))) : Optional.empty(),
                oneIn(6),
                text,
                number);
    }

    private static IntentId id(int number) {
        return new IntentId("intent-" + number);
    }

    private ServiceName service() {
        if (oneIn(25)) {
            return new ServiceName("nobody");
        }
        last = names.get(random.nextInt(names.size()));
        return last;
    }
}
