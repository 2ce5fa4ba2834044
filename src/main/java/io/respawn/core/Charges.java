package io.respawn.core;

import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Target;
import io.respawn.model.Action;
import io.respawn.model.WaitFor;
import java.util.Optional;

/**
 * Tells intents what became of the instances they are in charge of. An intent is in charge of an instance from the
 * release of its gate until its part for that instance has a result.
 */
final class Charges {

    private final Turn turn;

    Charges(Turn turn) {
        this.turn = turn;
    }

    /** The restart or start in charge of an instance: the next process carries its id. */
    Optional<Intent> of(Instance instance) {
        return inCharge(instance).filter(intent -> switch (intent.command().action()) {
            case RESTART, START, SCALE -> true;
            case STOP, SIGNAL, RESET, CANCEL, RELOAD, RESPAWN, PING -> false;
        });
    }

    private Optional<Intent> inCharge(Instance instance) {
        return turn.state()
                .open()
                .started(Optional.of(instance.id().service()))
                .filter(intent -> !turn.standing().gates().containsKey(intent.id()))
                .filter(intent -> openTarget(intent, instance).isPresent());
    }

    private static Optional<Target> openTarget(Intent intent, Instance instance) {
        return intent.targets().stream()
                .filter(target -> target.index() == instance.id().index())
                .filter(target -> target.result().isEmpty())
                .findFirst();
    }

    void started(Instance instance) {
        carriedBy(instance)
                .filter(intent -> intent.command().waitFor() == WaitFor.STARTED)
                .ifPresent(intent -> end(intent, instance, Outcome.SUCCEEDED, ""));
    }

    void ready(Instance instance) {
        carriedBy(instance).ifPresent(intent -> end(intent, instance, Outcome.SUCCEEDED, ""));
    }

    /** The process that an intent started, or was about to start, will not reach what the intent waits for. */
    void failed(Instance instance, String reason) {
        carriedBy(instance).ifPresent(intent -> end(intent, instance, Outcome.FAILED, reason));
    }

    /** The process that an intent started may have run, and is gone: executed, unless more than a start was to be awaited. */
    void unknown(Instance instance, String why) {
        carriedBy(instance)
                .ifPresent(intent -> end(
                        intent,
                        instance,
                        intent.command().waitFor() == WaitFor.STARTED ? Outcome.SUCCEEDED : Outcome.FAILED,
                        why));
    }

    void stopped(Instance instance) {
        inCharge(instance).ifPresent(intent -> {
            boolean undeclared = turn.state().spec(instance.id()).isEmpty();
            Action action = intent.command().action();
            if (action == Action.STOP || (action == Action.SCALE && undeclared)) {
                end(intent, instance, Outcome.SUCCEEDED, "");
            } else if (undeclared) {
                end(intent, instance, Outcome.FAILED, Orders.UNDECLARED);
            }
        });
    }

    private Optional<Intent> carriedBy(Instance instance) {
        return of(instance).filter(intent -> instance.intent().equals(Optional.of(intent.id())));
    }

    private void end(Intent intent, Instance instance, Outcome outcome, String detail) {
        new Orders(turn).endTarget(intent, instance.id().index(), outcome, instance.incarnation(), detail);
    }
}
