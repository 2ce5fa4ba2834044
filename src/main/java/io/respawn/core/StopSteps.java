package io.respawn.core;

import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.TimerKey.Purpose;
import io.respawn.model.ServiceSpec;
import io.respawn.model.StopPolicy;
import io.respawn.model.StopPolicy.Way;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Takes the steps of a stop policy, one after the other.
 *
 * <p>They are planned from the deadline backwards, so that an order with a grace period of its own gives the difference to
 * the first step, and no step needs a time of its own in the records.
 */
final class StopSteps {

    private final Turn turn;

    StopSteps(Turn turn) {
        this.turn = turn;
    }

    /** As it is declared; what was recorded counts for a service that is not declared any more. */
    static StopPolicy policy(State state, Instance instance) {
        return state.plan()
                .service(instance.id().service())
                .map(ServiceSpec::stop)
                .or(() -> state.service(instance.id().service()).map(Service::stop))
                .orElse(StopPolicy.DEFAULT);
    }

    /** Does what the step says, and arms the timer for its end. Repeating it does no harm. */
    void take(Instance instance, Terminating at) {
        StopPolicy policy = policy(turn.state(), instance);
        int step = step(policy, at);
        switch (policy.steps().get(step).way()) {
            case Way.Send send ->
                turn.perform(new Effect.SendSignal(instance.id(), instance.incarnation(), send.signal()));
            case Way.Run run ->
                turn.perform(new Effect.RunStopCommand(
                        instance.id(), instance.incarnation(), step, run.command(), untilThe(at.deadline())));
        }
        await(instance, at);
    }

    /** Arms the timer for the end of the step. */
    void await(Instance instance, Terminating at) {
        turn.arm(instance.id(), Purpose.GRACE, instance.incarnation(), endOf(instance, at));
    }

    /** When the step has been waited for. */
    Instant endOf(Instance instance, Terminating at) {
        StopPolicy policy = policy(turn.state(), instance);
        return at.deadline().minus(policy.waitsAfter(step(policy, at)));
    }

    /** There may be fewer by now than there were when it began. */
    private static int step(StopPolicy policy, Terminating at) {
        return Math.min(at.step(), policy.steps().size() - 1);
    }

    private Duration untilThe(Instant deadline) {
        Duration left = Duration.between(turn.now(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }

    Optional<Terminating> next(Instance instance, Terminating at) {
        return at.step() + 1 < policy(turn.state(), instance).steps().size()
                ? Optional.of(new Terminating(at.process(), at.startedAt(), at.deadline(), at.step() + 1, at.cause()))
                : Optional.empty();
    }

    /** The step in words. */
    String words(Instance instance, Terminating at) {
        return switch (policy(turn.state(), instance).steps().get(at.step()).way()) {
            case Way.Send send -> send.signal().toString();
            case Way.Run run -> "command " + run.command().getFirst();
        };
    }
}
