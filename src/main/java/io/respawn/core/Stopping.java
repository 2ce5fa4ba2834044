package io.respawn.core;

import io.respawn.core.InstanceState.Killing;
import io.respawn.core.InstanceState.Live;
import io.respawn.core.InstanceState.Ready;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.InstanceState.Starting;
import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.InstanceState.Stopped;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.TimerKey.Purpose;
import io.respawn.model.HookPoint;
import io.respawn.model.InstanceId;
import io.respawn.model.Signal;
import java.time.Duration;
import java.time.Instant;

/** The downward half of an instance's life: the stop signal, the grace period, SIGKILL, and what follows. */
final class Stopping {

    /** After SIGKILL the kernel answers at once unless the process hangs in it; then it is sent and reported again. */
    static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

    private final Turn turn;
    private final Charges charges;

    Stopping(Turn turn) {
        this.turn = turn;
        this.charges = new Charges(turn);
    }

    /** Asks a process to end, or takes over an end that is already under way. */
    void terminate(Instance instance, StopCause cause) {
        terminate(instance, cause, StopSteps.policy(turn.state(), instance).gracePeriod());
    }

    void terminate(Instance instance, StopCause cause, Duration gracePeriod) {
        switch (instance.state()) {
            case Running running -> begin(instance, running, cause, gracePeriod);
            case Ready ready -> begin(instance, ready, cause, gracePeriod);
            case Starting starting -> {
                turn.put(instance.in(new Starting(starting.since(), true, starting.heard())));
                new Hooking(turn).cancel(instance);
            }
            case Terminating under ->
                turn.put(instance.in(new Terminating(
                        under.process(),
                        under.startedAt(),
                        under.deadline(),
                        under.step(),
                        stronger(under.cause(), cause))));
            case Killing under ->
                turn.put(instance.in(new Killing(
                        under.process(), under.startedAt(), under.deadline(), stronger(under.cause(), cause))));
            case InstanceState.Waiting ignored -> becomeStopped(instance);
            case InstanceState.BackingOff ignored -> becomeStopped(instance);
            case InstanceState.Exhausted ignored -> becomeStopped(instance);
            case InstanceState.Completed ignored -> becomeStopped(instance);
            case Stopped ignored -> {}
        }
    }

    /** An order or a shutdown is never forgotten because something weaker came later. */
    private static StopCause stronger(StopCause old, StopCause next) {
        return switch (next) {
            case START_TIMEOUT, UNHEALTHY -> old;
            case ORDERED, SHUTDOWN -> next;
        };
    }

    private void begin(Instance instance, Live live, StopCause cause, Duration gracePeriod) {
        turn.cancel(instance.id(), Purpose.START_TIMEOUT, instance.incarnation());
        turn.perform(new Effect.StopProbe(instance.id()));
        if (cause == StopCause.SHUTDOWN) {
            // It was carried out once; the next life must not do it again.
            charges.failed(instance, "was stopped before it was ready, since the sidecar leaves");
        }
        if (turn.standing().isForced()) {
            kill(instance, live, cause);
            return;
        }
        StopSteps steps = new StopSteps(turn);
        Hooking hooking = new Hooking(turn);
        Instant deadline = turn.now().plus(gracePeriod);
        Terminating terminating = new Terminating(live.process(), live.startedAt(), deadline, 0, cause);
        Instance asked = hooking.begun(
                hooking.free(instance).in(terminating), HookPoint.PRE_STOP, steps.endOf(instance, terminating));
        turn.put(asked);
        String hook = asked.hooks().isUnderWay() ? "pre-stop hook, then " : "";
        String first = steps.words(instance, terminating);
        turn.announceInstance("stopping", asked, hook + first + ", SIGKILL in " + gracePeriod.toMillis() + " ms");
        take(asked, terminating);
    }

    /** Takes the step, unless the hook before it is under way: that has the time of the first step. */
    void take(Instance instance, Terminating terminating) {
        if (instance.hooks().isUnderWay()) {
            new StopSteps(turn).await(instance, terminating);
        } else {
            new StopSteps(turn).take(instance, terminating);
        }
    }

    /** The hook before the first step is over. */
    void goOn(Instance instance) {
        if (instance.state() instanceof Terminating terminating) {
            take(instance, terminating);
        }
    }

    /** The step under way was waited for, or could not be taken: the next one follows, or SIGKILL. */
    void stepEnded(Instance instance) {
        if (instance.state() instanceof Terminating && instance.hooks().isUnderWay()) {
            Instance free = new Hooking(turn).free(instance);
            turn.put(free);
            goOn(free);
        } else if (instance.state() instanceof Terminating terminating) {
            turn.cancel(instance.id(), Purpose.GRACE, instance.incarnation());
            new StopSteps(turn)
                    .next(instance, terminating)
                    .ifPresentOrElse(
                            next -> {
                                turn.put(instance.in(next));
                                new StopSteps(turn).take(instance, next);
                            },
                            () -> kill(instance, terminating, terminating.cause()));
        }
    }

    void stopCommandFailed(Instance instance, int step) {
        if (instance.state() instanceof Terminating terminating && terminating.step() == step) {
            stepEnded(instance);
        }
    }

    void killUnanswered(Instance instance) {
        if (instance.state() instanceof Killing killing) {
            kill(instance, killing, killing.cause());
        }
    }

    /** Takes the end that is under way to an earlier deadline, if this is one. */
    void hasten(InstanceId id, Duration gracePeriod) {
        Instant deadline = turn.now().plus(gracePeriod);
        turn.state().instance(id).ifPresent(instance -> {
            if (instance.state() instanceof Terminating under && deadline.isBefore(under.deadline())) {
                Terminating hastened =
                        new Terminating(under.process(), under.startedAt(), deadline, under.step(), under.cause());
                turn.put(instance.in(hastened));
                new StopSteps(turn).await(instance, hastened);
            }
        });
    }

    /** Skips what is left of the grace period, and does not wait for a start that may hang. */
    void hurry(Instance instance) {
        if (instance.state() instanceof Starting && instance.hooks().isUnderWay()) {
            new Hooking(turn).cancel(instance);
        } else if (instance.state() instanceof Starting) {
            turn.perform(new Effect.AbandonStart(instance.id(), instance.incarnation()));
        }
        if (instance.state() instanceof Terminating terminating) {
            turn.cancel(instance.id(), Purpose.GRACE, instance.incarnation());
            kill(instance, terminating, terminating.cause());
        }
    }

    private void kill(Instance instance, Live live, StopCause cause) {
        Instant deadline = turn.now().plus(KILL_PATIENCE);
        turn.put(new Hooking(turn).free(instance).in(new Killing(live.process(), live.startedAt(), deadline, cause)));
        turn.perform(new Effect.SendSignal(instance.id(), instance.incarnation(), Signal.KILL));
        turn.arm(instance.id(), Purpose.KILL, instance.incarnation(), deadline);
    }

    /** The process that was being stopped is gone. */
    void afterStop(Instance ended, StopCause cause, Instant startedAt) {
        switch (cause) {
            case ORDERED -> afterOrderedEnd(ended);
            case SHUTDOWN -> {
                // Whoever ordered it and waited for more had their start; the next life must not start it for them
                // again.
                charges.failed(ended, "the sidecar left before it was ready; order it again");
                if (Scheduled.isJob(turn.state(), ended.id().service())) {
                    // Its run was cut off; the next one is the schedule's to say.
                    becomeStopped(ended);
                } else {
                    // The shutdown of an earlier life that did not get to its end is no reason to stay down in this
                    // one.
                    afterOrderedEnd(ended);
                }
            }
            case START_TIMEOUT, UNHEALTHY -> new Lifecycle(turn).applyPolicy(ended, startedAt, true);
        }
    }

    /** An order wanted the end: replaced at once when it should run, else that was it. */
    void afterOrderedEnd(Instance ended) {
        if (turn.state().wantsUp(ended.id())) {
            Instance renewed = ended.calm().in(new InstanceState.Waiting(turn.now()));
            turn.put(renewed);
            new Lifecycle(turn).proceed(renewed);
        } else {
            becomeStopped(ended);
        }
    }

    void becomeStopped(Instance instance) {
        turn.cancel(instance.id(), Purpose.BACKOFF, instance.incarnation());
        turn.cancel(instance.id(), Purpose.RETRY, instance.incarnation());
        Instance stopped = instance.calm().in(new Stopped());
        turn.put(stopped);
        turn.announceEnd("stopped", stopped, "");
        afterPostStop(stopped);
    }

    /** Who has ended is done with once its hook is, and who waited for that goes on. */
    void afterPostStop(Instance down) {
        if (!down.isAtRest()) {
            return;
        }
        charges.stopped(down);
        new Lifecycle(turn).proceed(down);
        if (down.state() instanceof Stopped) {
            forgetIfUndeclared(down);
        }
    }

    /** A service that is not declared any more leaves the records once nothing of it runs. */
    private void forgetIfUndeclared(Instance stopped) {
        State state = turn.state();
        if (state.plan().service(stopped.id().service()).isPresent()) {
            return;
        }
        state.service(stopped.id().service())
                .filter(service -> service.all(instance -> instance.state() instanceof Stopped && instance.isAtRest()))
                .ifPresent(turn::forget);
    }
}
