package io.respawn.core;

import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Pending;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.Schedule;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.util.List;
import java.util.Optional;

/**
 * What an order that the clock gives does not do, though anybody else's would: it starts nothing that somebody stopped, has a
 * job run once at a time, and restarts only what runs.
 */
final class Scheduled {

    private final Turn turn;

    Scheduled(Turn turn) {
        this.turn = turn;
    }

    /** Whether it waits for the run before it. */
    boolean waits(Intent intent) {
        Command command = intent.command();
        return isRun(command)
                && overlap(command) == Schedule.Overlap.QUEUE
                && isBusy(command.service().orElseThrow());
    }

    /** The run that waits already, with which this one is done as well. */
    Optional<Intent> ahead(Intent intent) {
        if (!isRun(intent.command())) {
            return Optional.empty();
        }
        return turn.state().open().of(intent.command().service()).stream()
                .filter(other -> other.phase() instanceof Pending && isRun(other.command()))
                .filter(other -> !other.id().equals(intent.id()))
                .findFirst();
    }

    /** How it ends without having been carried out; nothing, if it is to be. */
    Optional<Ended> skipped(Command command, List<Instance> instances) {
        if (!PlannedRun.isOrder(command)) {
            return Optional.empty();
        }
        ServiceName name = command.service().orElseThrow();
        Service service = turn.state().service(name).orElseThrow();
        if (!service.wantsUp()) {
            String who = service.orderedBy().isEmpty() ? "" : " by " + service.orderedBy();
            return Optional.of(ended(
                    Outcome.CANCELLED, "skipped: it is stopped" + who + "; its schedule rests until it is started"));
        }
        boolean job = spec(name).filter(spec -> spec.schedule().isJob()).isPresent();
        if (command.action() == Action.START && job && isBusy(name)) {
            return Optional.of(ended(
                    Outcome.COALESCED,
                    "skipped: the run before it is not over, incarnation "
                            + instances.getFirst().incarnation()));
        }
        if (command.action() == Action.RESTART && !job && instances.stream().allMatch(Instance::isDown)) {
            return Optional.of(ended(Outcome.CANCELLED, "skipped: it does not run"));
        }
        return Optional.empty();
    }

    /** A service has changed: a run may wait for that. */
    void changed(ServiceName name) {
        boolean queues = spec(name)
                .map(ServiceSpec::schedule)
                .filter(schedule -> schedule.isJob() && schedule.overlap() == Schedule.Overlap.QUEUE)
                .isPresent();
        if (queues && !isBusy(name)) {
            turn.advanceLater(Optional.of(name));
        }
    }

    /** Whether nothing but its schedule, or an order, starts a service. */
    static boolean isJob(State state, ServiceName name) {
        return state.plan()
                .service(name)
                .filter(spec -> spec.schedule().isJob())
                .isPresent();
    }

    private static boolean isRun(Command command) {
        return PlannedRun.isOrder(command)
                && command.action() == Action.START
                && command.service().isPresent();
    }

    private Schedule.Overlap overlap(Command command) {
        return command.service()
                .flatMap(this::spec)
                .map(spec -> spec.schedule().overlap())
                .orElse(Schedule.DEFAULT.overlap());
    }

    /** A run is over when it has ended and is not to be tried again by itself at once. */
    private boolean isBusy(ServiceName name) {
        return turn.state()
                .service(name)
                .filter(service -> service.any(instance -> isUnderWay(instance.state())))
                .isPresent();
    }

    private static boolean isUnderWay(InstanceState state) {
        return switch (state) {
            case InstanceState.Waiting ignored -> true;
            case InstanceState.Starting ignored -> true;
            case InstanceState.Live ignored -> true;
            case InstanceState.BackingOff ignored -> true;
            case InstanceState.Stopped ignored -> false;
            case InstanceState.Exhausted ignored -> false;
            case InstanceState.Completed ignored -> false;
        };
    }

    private Optional<ServiceSpec> spec(ServiceName name) {
        return turn.state().plan().service(name);
    }

    private Ended ended(Outcome outcome, String detail) {
        return new Ended(outcome, turn.now(), detail, List.of());
    }
}
