package io.respawn.core;

import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.InstanceState.Ready;
import io.respawn.core.InstanceState.Stopped;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.OutputPolicy;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceSpec;
import io.respawn.testing.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How many instances run is changed while they run; those that stay are not touched. */
class ScalingTest {

    private static final ServiceSpec THREE = Machines.spec(WEB, 3, false);

    private final Machines machine = new Machines(THREE).started();
    private int orders;

    ScalingTest() {
        for (int index = 0; index < 3; index++) {
            spawned(machine, index, 1);
        }
    }

    private static InstanceId id(int index) {
        return new InstanceId(WEB, index);
    }

    private static void spawned(Machines machine, int index, long incarnation) {
        machine.feed(new Event.ProcessSpawned(id(index), incarnation, process(pid(index, incarnation))));
    }

    private static int pid(int index, long incarnation) {
        return 100 * (index + 1) + (int) incarnation;
    }

    private static void ended(Machines machine, int index, long incarnation) {
        machine.feed(new Event.ProcessExited(id(index), incarnation, new ExitStatus.Signalled(15, false), 0));
    }

    private IntentId scale(Machines to, int instances) {
        IntentId id = new IntentId("scale-" + orders++);
        to.feed(new Event.CommandReceived(Commands.scale(id, WEB, instances).made(), Optional.empty()));
        return id;
    }

    private static InstanceState state(Machines machine, int index) {
        return machine.state.instance(id(index)).orElseThrow().state();
    }

    private static List<Integer> pids(Machines machine) {
        List<Integer> pids = new ArrayList<>();
        machine.state
                .service(WEB)
                .orElseThrow()
                .instances()
                .forEach(instance ->
                        instance.state().identity().map(ProcessIdentity::pid).ifPresent(pids::add));
        return pids;
    }

    @Test
    void newOnesCarryTheOrderAndTheOthersStay() {
        // when
        IntentId order = scale(machine, 5);
        // then
        assertThat(machine.effects)
                .endsWith(
                        new Effect.Spawn(id(3), 1, Optional.of(order)), new Effect.Spawn(id(4), 1, Optional.of(order)));
        spawned(machine, 3, 1);
        spawned(machine, 4, 1);
        assertThat(machine.outcome(order)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(pids(machine)).containsExactly(101, 201, 301, 401, 501);
    }

    @Test
    void thoseWithTheHighestIndicesGoAndTheOthersStay() {
        // when
        IntentId order = scale(machine, 1);
        // then
        assertThat(state(machine, 0)).isInstanceOf(Ready.class);
        assertThat(state(machine, 1)).isInstanceOf(Terminating.class);
        ended(machine, 1, 1);
        ended(machine, 2, 1);
        assertThat(machine.outcome(order)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(state(machine, 2)).isInstanceOf(Stopped.class);
        assertThat(pids(machine)).containsExactly(101);
    }

    @Test
    void oneThatComesBackNeverUsesAnIncarnationTwice() {
        // given
        scale(machine, 2);
        ended(machine, 2, 1);
        // when
        IntentId order = scale(machine, 3);
        // then
        assertThat(machine.effects).endsWith(new Effect.Spawn(id(2), 2, Optional.of(order)));
    }

    @Test
    void theNumberOutlivesTheSidecarUntilItIsTheDeclaredOneAgain() {
        // given
        scale(machine, 2);
        ended(machine, 2, 1);
        // when
        Machines next = machine.nextLife(THREE).started();
        // then: all processes are gone in this new life
        assertThat(state(next, 1)).isInstanceOf(InstanceState.BackingOff.class);
        assertThat(state(next, 2)).isInstanceOf(Stopped.class);
        assertThat(next.state.service(WEB).orElseThrow().scaled()).hasValue(2);
        scale(next, 3);
        assertThat(next.state.service(WEB).orElseThrow().scaled()).isEmpty();
    }

    @Test
    void theSameNumberIsThereAlready() {
        assertThat(machine.outcome(scale(machine, 3))).isEqualTo(Outcome.COALESCED);
    }

    @Test
    void aStoppedServiceOnlyRemembersTheNumber() {
        // given
        machine.order(Action.STOP, WEB);
        for (int index = 0; index < 3; index++) {
            ended(machine, index, 1);
        }
        // when
        IntentId order = scale(machine, 4);
        // then
        assertThat(machine.outcome(order)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(pids(machine)).isEmpty();
        machine.order(Action.START, WEB);
        assertThat(state(machine, 3)).isInstanceOf(InstanceState.Starting.class);
    }

    @Test
    void refusesInstancesThatWouldWriteToOneFile() {
        // given
        OutputPolicy.File shared =
                new OutputPolicy.File(Optional.of("/var/log/web.log"), 1 << 20, Optional.<Duration>empty(), 3, false);
        Machines single = new Machines(Machines.spec(WEB, 1, false)
                        .with(new OutputPolicy(OutputPolicy.Console.NONE, Optional.of(shared))))
                .started();
        // when
        IntentId order = scale(single, 2);
        // then
        assertThat(single.outcome(order)).isEqualTo(Outcome.REJECTED);
        assertThat(single.events.getLast().detail()).contains("put {instance} into output.file.path");
    }
}
