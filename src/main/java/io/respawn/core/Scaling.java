package io.respawn.core;

import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Target;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Changes how many instances of a service run. The survivors keep their processes; the records of the others stay, since an
 * incarnation is never used twice.
 */
final class Scaling {

    private final Turn turn;

    Scaling(Turn turn) {
        this.turn = turn;
    }

    /** The instances that come or go; none when there are as many already. */
    List<Instance> affected(Command command) {
        ServiceName name = command.service().orElseThrow();
        int now = turn.state().wanted(name);
        int then = command.instances().orElseThrow();
        return IntStream.range(Math.min(now, then), Math.max(now, then))
                .mapToObj(index -> new InstanceId(name, index))
                .map(id -> turn.state().instance(id).orElseGet(() -> turn.fresh(id)))
                .toList();
    }

    /** From now on so many are wanted; a second time changes nothing. */
    void resize(Command command) {
        Service service = turn.state().service(command.service().orElseThrow()).orElse(null);
        if (service == null) {
            // Neither declared nor running any more, which each part of the order finds out for itself.
            return;
        }
        int then = command.instances().orElseThrow();
        boolean declared = turn.state()
                .plan()
                .service(service.name())
                .filter(spec -> spec.instances() == then)
                .isPresent();
        List<Instance> instances = new ArrayList<>(service.instances());
        for (int index = instances.size(); index < then; index++) {
            instances.add(turn.fresh(new InstanceId(service.name(), index)));
        }
        turn.standing().orderHere(service.name());
        turn.put(service.with(instances).scaled(declared ? OptionalInt.empty() : OptionalInt.of(then)));
        turn.touch(service.name());
        stopBeyond(command, service);
    }

    /** Another plan may have brought more since the order was bound to those that it concerns. */
    private void stopBeyond(Command command, Service before) {
        Set<Integer> bound = turn.state().intent(command.id()).map(Intent::targets).orElse(List.of()).stream()
                .map(Target::index)
                .collect(Collectors.toSet());
        before.instances().stream()
                .filter(instance -> turn.state().spec(instance.id()).isEmpty())
                .filter(instance -> !bound.contains(instance.id().index()))
                .forEach(instance -> new Stopping(turn).terminate(instance, StopCause.ORDERED));
    }

    /** One instance comes, as by a start, or goes, as by a stop. */
    void perform(Intent intent, Target target, Instance instance) {
        if (turn.state().spec(instance.id()).isPresent()) {
            if (turn.state().wantsUp(instance.id())) {
                new Acts(turn).bringUp(intent, target, instance);
            } else {
                end(intent, instance, "its service is stopped");
            }
            return;
        }
        boolean wasDown = instance.isAtRest();
        new Stopping(turn).terminate(instance, StopCause.ORDERED);
        if (wasDown) {
            end(intent, instance, "nothing was running");
        }
    }

    private void end(Intent intent, Instance instance, String detail) {
        new Orders(turn).endTarget(intent, instance.id().index(), Outcome.SUCCEEDED, instance.incarnation(), detail);
    }
}
