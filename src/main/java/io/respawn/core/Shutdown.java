package io.respawn.core;

import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.Standing.Leaving;
import io.respawn.model.ExitStatus;
import io.respawn.model.ServiceName;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Ends everything in order: dependents first, then what they needed, then the final flush, then the infrastructure. */
final class Shutdown {

    /** What is left of a shutdown once the grace periods are skipped. */
    static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private final Turn turn;

    Shutdown(Turn turn) {
        this.turn = turn;
    }

    void requested(String reason, boolean forced) {
        Standing standing = turn.standing();
        if (!standing.isStopping()) {
            standing.enter(Standing.Phase.STOPPING);
            standing.leave(Leaving.STOPPING_SERVICES);
            turn.announceSidecar("stopped", reason);
        }
        if (forced && !standing.isForced()) {
            standing.force();
            turn.perform(
                    new Effect.ArmTimer(new TimerKey.ShutdownLimit(), turn.now().plus(LAST_WAIT)));
            List.copyOf(turn.state().services().values())
                    .forEach(service -> service.instances().forEach(new Stopping(turn)::hurry));
        }
    }

    /** It took too long: first the grace periods are skipped, then what even SIGKILL does not end is left behind. */
    void limitReached() {
        Standing standing = turn.standing();
        if (!standing.isStopping()) {
            return;
        }
        if (standing.isForced()) {
            standing.leaveBehind();
        } else {
            requested("", true);
        }
    }

    /** A service is over that the sidecar must not outlive; its exit code becomes ours. */
    void becauseOf(Instance over) {
        int code = isSkipped(over) ? 0 : exitCode(over);
        if (!turn.standing().isStopping()) {
            turn.standing().exitCode(code);
            requested(over.id() + " is over, and the sidecar ends with it", false);
        }
    }

    private static boolean isSkipped(Instance over) {
        return over.state() instanceof InstanceState.Completed(ExitStatus.Unknown ignored, boolean successful)
                && successful;
    }

    private static int exitCode(Instance over) {
        return over.lastExit()
                .map(exit -> switch (exit.status()) {
                    case ExitStatus.Exited exited -> exited.code();
                    case ExitStatus.Signalled signalled -> 128 + signalled.signal();
                    case ExitStatus.Unknown ignored -> 1;
                })
                .orElse(1);
    }

    /** Does the next part of the way out, if the one before is complete; what has not changed was looked at before. */
    void goOn(Set<ServiceName> changed) {
        Standing standing = turn.standing();
        if (standing.leaving() == Leaving.STOPPING_SERVICES && stop(changed, service -> !isInfrastructure(service))) {
            standing.leave(Leaving.FLUSHING);
            turn.perform(new Effect.Flush());
        }
        if (standing.leaving() == Leaving.STOPPING_INFRASTRUCTURE && stop(changed, service -> true)) {
            standing.leave(Leaving.LEFT);
            turn.perform(new Effect.Leave(standing.exitCode()));
        }
    }

    void flushed() {
        if (turn.standing().leaving() == Leaving.FLUSHING) {
            turn.standing().leave(Leaving.STOPPING_INFRASTRUCTURE);
        }
    }

    /** Stops the chosen ones that nobody needs any more; true when all of them are down, changed or not. */
    private boolean stop(Set<ServiceName> changed, Predicate<ServiceName> chosen) {
        Set<ServiceName> concerned = new LinkedHashSet<>(changed);
        // Whoever has ended may have been the last to need another.
        changed.forEach(name -> turn.state()
                .plan()
                .service(name)
                .ifPresent(spec -> spec.ties().all().forEach(concerned::add)));
        concerned.stream().filter(chosen).forEach(this::stop);
        return turn.state().up().stream()
                .filter(id -> chosen.test(id.service()))
                .flatMap(id -> turn.state().instance(id).stream())
                .allMatch(this::isOver);
    }

    private void stop(ServiceName name) {
        if (followersAreDown(name)) {
            turn.state().service(name).stream()
                    .flatMap(service -> service.instances().stream())
                    .filter(instance -> !isQuiet(instance))
                    .forEach(this::end);
        }
    }

    /** No process of it is left, or none that waiting would end: one that hangs in the kernel, or in its start. */
    private boolean isOver(Instance instance) {
        return instance.isAtRest()
                || (turn.standing().leavesBehind()
                        && (instance.isDown()
                                || instance.state() instanceof InstanceState.Killing
                                || instance.state() instanceof InstanceState.Starting));
    }

    private static boolean isQuiet(Instance instance) {
        return switch (instance.state()) {
            case InstanceState.Stopped ignored -> true;
            case InstanceState.Completed ignored -> true;
            case InstanceState.Exhausted ignored -> true;
            case InstanceState.Terminating under -> under.cause() == StopCause.SHUTDOWN;
            case InstanceState.Killing under -> under.cause() == StopCause.SHUTDOWN;
            case InstanceState.Starting starting -> starting.abort();
            case InstanceState.Waiting ignored -> false;
            case InstanceState.BackingOff ignored -> false;
            case InstanceState.Running ignored -> false;
            case InstanceState.Ready ignored -> false;
        };
    }

    private void end(Instance instance) {
        new Stopping(turn).terminate(instance, StopCause.SHUTDOWN);
    }

    private boolean followersAreDown(ServiceName name) {
        State state = turn.state();
        return Dependencies.followersOf(state, name).stream()
                .allMatch(follower -> state.service(follower)
                        .map(service -> service.all(this::isOver))
                        .orElse(true));
    }

    private boolean isInfrastructure(ServiceName name) {
        return turn.state()
                .plan()
                .service(name)
                .filter(spec -> spec.role().infrastructure())
                .isPresent();
    }
}
