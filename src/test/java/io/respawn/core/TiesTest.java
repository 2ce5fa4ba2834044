package io.respawn.core;

import static io.respawn.core.Machines.DB;
import static io.respawn.core.Machines.DB_0;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.InstanceState.Starting;
import io.respawn.core.InstanceState.Waiting;
import io.respawn.model.Action;
import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.Ties;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Order without requirement: who comes after another does not need it. */
class TiesTest {

    private static final ServiceName OLD = new ServiceName("old");
    private static final ExitStatus FAILURE = new ExitStatus.Exited(1);

    private final Machines machine = new Machines(
                    Machines.spec(DB, true), Machines.spec(WEB, false).with(new Ties(Map.of(), Set.of(DB))))
            .started();

    @Test
    void startsAfterAnotherThatIsOnItsWayUp() {
        // given
        assertThat(machine.web().state()).isInstanceOf(Waiting.class);
        assertThat(machine.state.queue(machine.now).get(WEB_0).reason()).isEqualTo("lets 'db' go first");
        // when
        machine.feed(new Event.ProcessSpawned(DB_0, 1, process(100)));
        assertThat(machine.web().state()).isInstanceOf(Waiting.class);
        machine.feed(new Event.ReadinessChanged(DB_0, 1, true, ""));
        // then
        assertThat(machine.web().state()).isInstanceOf(Starting.class);
    }

    @Test
    void doesNotWaitForOneThatHasFailed() {
        // given
        machine.feed(new Event.ProcessSpawned(DB_0, 1, process(100)));
        // when
        machine.feed(new Event.ProcessExited(DB_0, 1, FAILURE, 0));
        // then
        assertThat(machine.web().state()).isInstanceOf(Starting.class);
    }

    @Test
    void doesNotWaitForOneThatIsStopped() {
        // given
        machine.feed(new Event.ProcessSpawned(DB_0, 1, process(100)));
        // when
        machine.order(Action.STOP, DB);
        // then
        assertThat(machine.web().state()).isInstanceOf(Starting.class);
    }

    @Test
    void doesNotWaitForOneThatWaitsForWhatDoesNotCome() {
        // given: web comes after db, which needs old, which has failed
        Machines three = new Machines(
                        Machines.spec(OLD, true),
                        Machines.spec(DB, true, OLD),
                        Machines.spec(WEB, false).with(new Ties(Map.of(), Set.of(DB))))
                .started();
        InstanceId old = new InstanceId(OLD, 0);
        three.feed(new Event.ProcessSpawned(old, 1, process(100)));
        assertThat(three.web().state()).isInstanceOf(Waiting.class);
        // when
        three.feed(new Event.ProcessExited(old, 1, FAILURE, 0));
        // then
        assertThat(three.web().state()).isInstanceOf(Starting.class);
        assertThat(three.state.instance(DB_0).orElseThrow().state()).isInstanceOf(Waiting.class);
    }

    @Test
    void stopsBeforeTheOther() {
        // given
        machine.feed(new Event.ProcessSpawned(DB_0, 1, process(100)));
        machine.feed(new Event.ReadinessChanged(DB_0, 1, true, ""));
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(101)));
        machine.effects.clear();
        // when
        machine.feed(new Event.ShutdownRequested("SIGTERM", false));
        // then
        assertThat(machine.effects)
                .filteredOn(Effect.SendSignal.class::isInstance)
                .containsExactly(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        assertThat(machine.effects).contains(new Effect.SendSignal(DB_0, 1, Signal.TERM));
    }
}
