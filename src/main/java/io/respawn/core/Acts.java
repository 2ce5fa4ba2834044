package io.respawn.core;

import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Target;
import io.respawn.core.Service.Desired;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.model.Signal;
import java.time.Duration;
import java.util.Optional;

/** Does what an intent orders to one instance; every action finds its place whatever state the instance is in. */
final class Acts {

    private final Turn turn;

    Acts(Turn turn) {
        this.turn = turn;
    }

    void perform(Intent intent, Target target) {
        InstanceId id = new InstanceId(intent.command().service().orElseThrow(), target.index());
        Optional<Instance> found = turn.state().instance(id);
        if (found.isEmpty()) {
            boolean stop = intent.command().action() == Action.STOP;
            end(
                    intent,
                    target.index(),
                    stop ? Outcome.SUCCEEDED : Outcome.FAILED,
                    target.before(),
                    stop ? "nothing was running" : Orders.UNDECLARED);
            return;
        }
        Instance instance = found.get();
        if (intent.command().action() == Action.SCALE) {
            new Scaling(turn).perform(intent, target, instance);
            return;
        }
        if (intent.command().action() != Action.STOP && turn.state().spec(id).isEmpty()) {
            end(intent, target.index(), Outcome.FAILED, instance.incarnation(), Orders.UNDECLARED);
            return;
        }
        switch (intent.command().action()) {
            case RESTART -> restart(intent, target, instance);
            case START -> start(intent, target, instance);
            case STOP -> stop(intent, instance);
            case RESET -> reset(intent, instance);
            case SIGNAL -> signal(intent, instance);
            case SCALE, CANCEL, RELOAD, RESPAWN, PING ->
                throw new IllegalStateException(
                        "Cannot " + intent.command().action().word() + " an instance");
        }
    }

    private void restart(Intent intent, Target target, Instance instance) {
        order(intent, instance, Desired.UP);
        if (carries(instance, intent)) {
            resumeWaiting(instance);
        } else if (instance.incarnation() > target.before()) {
            coalesced(intent, instance);
        } else if (instance.isDown()) {
            new Lifecycle(turn).orderUp(instance.calm());
        } else {
            new Stopping(turn).terminate(instance, StopCause.ORDERED, grace(intent.command(), instance));
        }
    }

    private void start(Intent intent, Target target, Instance instance) {
        order(intent, instance, Desired.UP);
        bringUp(intent, target, instance);
    }

    /** Has a process of this intent, unless one has come meanwhile. */
    void bringUp(Intent intent, Target target, Instance instance) {
        if (carries(instance, intent)) {
            resumeWaiting(instance);
        } else if (instance.isDown()) {
            if (instance.incarnation() > target.before()) {
                coalesced(intent, instance);
            } else {
                new Lifecycle(turn).orderUp(instance.calm());
            }
        } else if (isEnding(instance)) {
            new Stopping(turn).terminate(instance, StopCause.ORDERED);
        } else {
            coalesced(intent, instance);
        }
    }

    private static boolean carries(Instance instance, Intent intent) {
        return instance.intent().equals(Optional.of(intent.id()));
    }

    private static boolean isEnding(Instance instance) {
        return switch (instance.state()) {
            case InstanceState.Terminating ignored -> true;
            case InstanceState.Killing ignored -> true;
            case InstanceState.Starting starting -> starting.abort();
            case InstanceState.Running ignored -> false;
            case InstanceState.Ready ignored -> false;
            case InstanceState.Stopped ignored -> false;
            case InstanceState.Waiting ignored -> false;
            case InstanceState.BackingOff ignored -> false;
            case InstanceState.Exhausted ignored -> false;
            case InstanceState.Completed ignored -> false;
        };
    }

    /** After a crash of the sidecar: the process with this intent's id is already there. */
    private void resumeWaiting(Instance instance) {
        Charges charges = new Charges(turn);
        switch (instance.state()) {
            case InstanceState.Running ignored -> charges.started(instance);
            case InstanceState.Ready ignored -> charges.ready(instance);
            case InstanceState.Starting ignored -> {}
            case InstanceState.Terminating ignored -> charges.failed(instance, "is being stopped");
            case InstanceState.Killing ignored -> charges.failed(instance, "is being stopped");
            case InstanceState.Stopped ignored -> charges.failed(instance, "was stopped");
            case InstanceState.Waiting ignored -> new Lifecycle(turn).proceed(instance);
            case InstanceState.BackingOff ignored -> charges.failed(instance, "ended before it was ready");
            case InstanceState.Exhausted ignored -> charges.failed(instance, "ended before it was ready");
            case InstanceState.Completed ignored -> charges.failed(instance, "ended before it was ready");
        }
    }

    private void coalesced(Intent intent, Instance instance) {
        end(
                intent,
                instance.id().index(),
                Outcome.COALESCED,
                instance.incarnation(),
                "incarnation " + instance.incarnation() + " is there already");
    }

    private void stop(Intent intent, Instance instance) {
        order(intent, instance, Desired.DOWN);
        boolean wasDown = instance.isAtRest();
        Stopping stopping = new Stopping(turn);
        stopping.terminate(instance, StopCause.ORDERED, grace(intent.command(), instance));
        intent.command().gracePeriod().ifPresent(grace -> stopping.hasten(instance.id(), grace));
        if (wasDown) {
            end(intent, instance.id().index(), Outcome.SUCCEEDED, instance.incarnation(), "nothing was running");
        }
    }

    private void reset(Intent intent, Instance instance) {
        Instance calm = instance.calm();
        turn.put(calm);
        boolean held =
                calm.state() instanceof InstanceState.BackingOff || calm.state() instanceof InstanceState.Exhausted;
        if (held) {
            new Lifecycle(turn).orderUp(calm);
        }
        end(intent, instance.id().index(), Outcome.SUCCEEDED, instance.incarnation(), "");
    }

    private void signal(Intent intent, Instance instance) {
        if (!instance.isLive()) {
            end(
                    intent,
                    instance.id().index(),
                    Outcome.FAILED,
                    instance.incarnation(),
                    "Cannot signal " + instance.id() + ": it is "
                            + instance.state().word());
            return;
        }
        Signal signal = intent.command().signal().orElseThrow();
        turn.perform(new Effect.SendSignal(instance.id(), instance.incarnation(), signal));
        end(intent, instance.id().index(), Outcome.SUCCEEDED, instance.incarnation(), signal + " sent");
    }

    /** Remembers by whose order a service is up or down; the clock has no say in that. */
    private void order(Intent intent, Instance instance, Desired desired) {
        if (PlannedRun.isOrder(intent.command())) {
            return;
        }
        Service service = turn.state().service(instance.id().service()).orElseThrow();
        turn.standing().orderHere(service.name());
        if (service.desired() == desired) {
            return;
        }
        Command command = intent.command();
        String by = command.requestedBy().isEmpty() ? command.id().value() : command.requestedBy();
        turn.put(service.ordered(desired, by));
        turn.touch(service.name());
    }

    private Duration grace(Command command, Instance instance) {
        return command.gracePeriod()
                .orElseGet(() -> StopSteps.policy(turn.state(), instance).gracePeriod());
    }

    private void end(Intent intent, int index, Outcome outcome, long incarnation, String detail) {
        new Orders(turn).endTarget(intent, index, outcome, incarnation, detail);
    }
}
