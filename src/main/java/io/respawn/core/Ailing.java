package io.respawn.core;

import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.InstanceState.Ready;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.InstanceState.StopCause;
import io.respawn.model.Probes.Liveness;
import io.respawn.model.Signal;
import java.util.Optional;

/** Ends processes that are there and do not do their work; the restart policy decides about the rest. */
final class Ailing {

    private final Turn turn;
    private final Charges charges;

    Ailing(Turn turn) {
        this.turn = turn;
        this.charges = new Charges(turn);
    }

    void startTimedOut(Instance instance) {
        if (instance.state() instanceof Running) {
            String reason = "not ready within the start timeout";
            charges.failed(instance, reason);
            turn.announceInstance("unready", instance, reason);
            new Stopping(turn).terminate(instance, StopCause.START_TIMEOUT);
        }
    }

    /** A probe says that it is not well. While it backs off or is being stopped a late no does nothing twice. */
    void unhealthy(Instance instance, ProbeFailed failed) {
        if (!(instance.state() instanceof Running || instance.state() instanceof Ready)) {
            return;
        }
        Optional<Liveness> liveness = failed.kind() == ProbeFailed.Kind.LIVENESS
                ? turn.state().spec(instance.id()).flatMap(spec -> spec.probes().liveness())
                : Optional.empty();
        turn.announceInstance("unhealthy", instance, failed.detail());
        if (liveness.filter(probe -> !probe.restarts()).isPresent()) {
            return;
        }
        charges.failed(instance, failed.detail());
        liveness.flatMap(Liveness::first).ifPresent(signal -> send(instance, signal));
        new Stopping(turn).terminate(instance, StopCause.UNHEALTHY);
    }

    private void send(Instance instance, Signal signal) {
        turn.perform(new Effect.SendSignal(instance.id(), instance.incarnation(), signal));
    }
}
