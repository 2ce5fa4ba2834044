package io.respawn.core;

import io.respawn.core.HookState.UnderWay;
import io.respawn.core.InstanceState.Completed;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.InstanceState.Starting;
import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.model.ExitStatus;
import io.respawn.model.Hook;
import io.respawn.model.HookPoint;
import io.respawn.model.Hooks;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Has done what is declared for the turns of a process's life, and goes on when that has ended. Of one instance there is one
 * hook under way at most; nobody else waits for it.
 */
final class Hooking {

    /** Why there is no process, in the word that a hook is told. */
    static final String NOT_STARTED = "not-started";

    private final Turn turn;

    Hooking(Turn turn) {
        this.turn = turn;
    }

    /** Begins a hook, if one is declared; the same instance if not. */
    Instance begun(Instance instance, HookPoint point) {
        return begun(instance, point, "", Optional.empty());
    }

    /** Begins one that has to be over by then, unless there is no time left. */
    Instance begun(Instance instance, HookPoint point, Instant latest) {
        return latest.isAfter(turn.now()) ? begun(instance, point, "", Optional.of(latest)) : instance;
    }

    private Instance begun(Instance instance, HookPoint point, String reason, Optional<Instant> latest) {
        Optional<Instant> deadline = declared(instance, point)
                .map(hook -> turn.now().plus(hook.timeout()))
                .map(own -> latest.filter(own::isAfter).orElse(own));
        if (deadline.isEmpty()) {
            return instance;
        }
        Instance begun = instance.with(instance.hooks().at(new UnderWay(point, reason, deadline)));
        run(begun);
        return begun;
    }

    /** As it is declared; commands come from the configuration alone, so a service that left it has none. */
    private Optional<Hook> declared(Instance instance, HookPoint point) {
        return hooks(instance).at(point);
    }

    private Hooks hooks(Instance instance) {
        return turn.state()
                .plan()
                .service(instance.id().service())
                .map(ServiceSpec::hooks)
                .orElse(Hooks.DEFAULT);
    }

    private void run(Instance instance) {
        instance.hooks()
                .underWay()
                .ifPresent(one -> one.deadline().ifPresent(deadline -> {
                    Duration left = Duration.between(turn.now(), deadline);
                    turn.perform(new Effect.RunHook(
                            instance.id(),
                            instance.incarnation(),
                            one.point(),
                            left.isNegative() ? Duration.ZERO : left,
                            variables(instance, one)));
                }));
    }

    /** What a command is told; of how the process ended as much as is known. */
    private static SortedMap<String, String> variables(Instance instance, UnderWay hook) {
        SortedMap<String, String> variables = new TreeMap<>();
        variables.put("RESPAWN_HOOK", hook.point().word());
        if (hook.point() == HookPoint.POST_STOP) {
            variables.put("RESPAWN_EXIT_REASON", hook.reason());
            instance.lastExit()
                    .filter(exit -> exit.incarnation() == instance.incarnation())
                    .ifPresent(exit -> {
                        switch (exit.status()) {
                            case ExitStatus.Exited(int code) ->
                                variables.put("RESPAWN_EXIT_CODE", Integer.toString(code));
                            case ExitStatus.Signalled signalled ->
                                variables.put("RESPAWN_EXIT_SIGNAL", Signal.describe(signalled.signal()));
                            case ExitStatus.Unknown ignored -> {}
                        }
                    });
        }
        return variables;
    }

    /** The process is there: what is to be done once it has come up is remembered. */
    Instance expecting(Instance running) {
        HookState idle = running.hooks().idle();
        return running.with(
                declared(running, HookPoint.POST_START).isEmpty()
                        ? idle
                        : idle.at(new UnderWay(HookPoint.POST_START, "", Optional.empty())));
    }

    /** The process has come up: empty when something is done first, or is being done; else who goes on. */
    Optional<Instance> cameUp(Instance running) {
        if (!running.hooks().isAt(HookPoint.POST_START)) {
            return Optional.of(running);
        }
        boolean begun = running.hooks().underWay().flatMap(UnderWay::deadline).isPresent();
        if (!begun && declared(running, HookPoint.POST_START).isEmpty()) {
            Instance free = running.with(running.hooks().idle());
            turn.put(free);
            return Optional.of(free);
        }
        if (!begun) {
            turn.put(begun(running, HookPoint.POST_START));
        }
        return Optional.empty();
    }

    /** The instance without what is under way, which is ended. */
    Instance free(Instance instance) {
        cancel(instance);
        return instance.with(instance.hooks().idle());
    }

    /** Has what is under way end; that it has is told as ever. */
    void cancel(Instance instance) {
        instance.hooks()
                .underWay()
                .filter(one -> one.deadline().isPresent())
                .ifPresent(
                        one -> turn.perform(new Effect.CancelHook(instance.id(), instance.incarnation(), one.point())));
    }

    /** The process has ended, or its start has; what was done for it meanwhile ends as well. */
    Instance afterEnd(Instance ended, String reason) {
        return begun(free(ended), HookPoint.POST_STOP, reason, Optional.empty());
    }

    /** Why a process ended, in the word that a hook is told. */
    static String reason(InstanceState state) {
        return switch (state) {
            case Terminating under -> reason(under.cause());
            case InstanceState.Killing under -> reason(under.cause());
            default -> "exited";
        };
    }

    private static String reason(StopCause cause) {
        return switch (cause) {
            case ORDERED -> "ordered";
            case SHUTDOWN -> "shutdown";
            case START_TIMEOUT -> "start-timeout";
            case UNHEALTHY -> "unhealthy";
        };
    }

    void ended(Instance instance, Event.HookEnded event) {
        boolean current = instance.hooks()
                .underWay()
                .filter(one -> one.point() == event.point() && one.deadline().isPresent())
                .isPresent();
        if (!current) {
            return;
        }
        Instance free = instance.with(instance.hooks().idle());
        boolean cancelled = instance.state() instanceof Starting starting && starting.abort();
        Instance told = event.success() || cancelled ? free : failed(free, event);
        turn.put(told);
        switch (event.point()) {
            case PRE_START -> preStartEnded(told, event);
            case POST_START -> postStartEnded(told, event);
            case PRE_STOP -> new Stopping(turn).goOn(told);
            case POST_STOP -> new Stopping(turn).afterPostStop(told);
        }
    }

    private Instance failed(Instance free, Event.HookEnded event) {
        Instance failed = free.with(free.hooks()
                .failed(new HookState.Failure(event.point(), free.incarnation(), event.detail(), turn.now())));
        turn.announceInstance("hook-failed", failed, event.point().word() + ": " + event.detail());
        return failed;
    }

    private void preStartEnded(Instance instance, Event.HookEnded event) {
        if (!(instance.state() instanceof Starting starting)) {
            return;
        }
        if (starting.abort() || !turn.state().wantsUp(instance.id())) {
            boolean leaving = turn.standing().isStopping();
            Instance ended = afterEnd(instance, reason(leaving ? StopCause.SHUTDOWN : StopCause.ORDERED));
            turn.put(ended);
            new Charges(turn).failed(ended, "its start was called off during its pre-start hook");
            new Stopping(turn).afterOrderedEnd(ended);
        } else if (event.success()) {
            turn.perform(new Effect.Spawn(instance.id(), instance.incarnation(), instance.intent()));
        } else if (hooks(instance).preStart().filter(Hooks.PreStart::skips).isPresent()) {
            skip(instance, "skipped: its pre-start hook says so: " + event.detail());
        } else {
            new Lifecycle(turn)
                    .spawnFailed(
                            instance,
                            "Cannot start " + instance.id() + ": its pre-start hook failed: " + event.detail());
        }
    }

    /** There is nothing to start for now, which is as good as a successful end. */
    private void skip(Instance instance, String why) {
        new Charges(turn).failed(instance, why);
        Instance completed = instance.in(new Completed(new ExitStatus.Unknown(why), true));
        turn.put(completed);
        turn.announceInstance("completed", completed, why);
        turn.state().spec(instance.id()).ifPresent(spec -> new Lifecycle(turn).endSidecarIfSaid(completed, spec));
    }

    private void postStartEnded(Instance instance, Event.HookEnded event) {
        if (!(instance.state() instanceof Running running)) {
            return;
        }
        boolean restarts =
                hooks(instance).postStart().filter(Hooks.PostStart::restarts).isPresent();
        if (!event.success() && restarts) {
            new Charges(turn).failed(instance, "its post-start hook failed: " + event.detail());
            new Stopping(turn).terminate(instance, StopCause.UNHEALTHY);
        } else if (!running.awaited()) {
            new Lifecycle(turn).lookAfter(instance);
        }
    }

    /** A new image goes on with what was under way in the old one. */
    void again() {
        for (Service service : List.copyOf(turn.state().services().values())) {
            service.instances().forEach(this::run);
        }
    }

    /** A new life finds it under way after an end: nobody knows how far it came, so it is done again. */
    Instance recovered(Instance recorded, boolean sameHost) {
        if (!recorded.isDown() || !recorded.hooks().isUnderWay()) {
            return recorded;
        }
        UnderWay before = recorded.hooks().underWay().orElseThrow();
        Instance idle = recorded.with(recorded.hooks().idle());
        Instance known = sameHost ? begun(idle, before.point(), before.reason(), Optional.empty()) : idle;
        turn.put(known);
        return known;
    }
}
