package io.respawn.core;

import static io.respawn.core.Machines.DB;
import static io.respawn.core.Machines.HOST;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.WaitFor;
import io.respawn.testing.Commands;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Orders in unusual company: behind others, over the end of a life, while leaving, under a fence. */
class OrdersTest {

    private static Event.CommandReceived fromTopic(IntentId id, Action action, long offset) {
        return new Event.CommandReceived(
                Command.of(id, "test", action, Optional.of(WEB)),
                Optional.of(new Position("respawn.commands", 0, offset)));
    }

    private static Event.SidecarStarted started(Event.Found... found) {
        return new Event.SidecarStarted(HOST, List.of(found), List.of(), true, false);
    }

    @Test
    void whoWaitsForReadyAsTheSidecarLeavesHadTheirStartAndGetsNoOtherOne() {
        // given
        Machines machine = new Machines(Machines.spec(WEB, true)).started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(7)));
        IntentId order = new IntentId("again");
        machine.feed(new Event.CommandReceived(
                Commands.of(order, Action.RESTART, WEB).waitFor(WaitFor.READY).made(), Optional.empty()));
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(8)));

        // when
        machine.feed(new Event.ShutdownRequested("SIGTERM", false));
        machine.feed(new Event.ProcessExited(WEB_0, 2, new ExitStatus.Signalled(15, false), 0));

        // then
        assertThat(machine.outcome(order)).isEqualTo(Outcome.FAILED);
        Machines next = machine.nextLife(Machines.spec(WEB, true));
        next.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), false, false));
        assertThat(next.effects).contains(new Effect.Spawn(WEB_0, 3, Optional.empty()));
    }

    @Test
    void aStopOvertakesARestartAlsoWhenSomethingElseQueuesBetween() {
        // given a restart that waits for a dependency, and a reset behind it
        Machines two = new Machines(Machines.spec(WEB, false, DB), Machines.spec(DB, true)).started();
        IntentId restart = two.order(Action.RESTART, WEB);
        IntentId reset = two.order(Action.RESET, WEB);
        // when
        IntentId stop = two.order(Action.STOP, WEB);
        // then
        assertThat(two.outcome(restart)).isEqualTo(Outcome.CANCELLED);
        assertThat(two.outcome(stop)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(two.outcome(reset)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void anInstanceThatIsNoLongerDeclaredHoldsUpNeitherOrdersNorDependents() {
        // given two instances, of which the next life declares one
        Machines before = new Machines(Machines.spec(DB, 2, false)).started();
        before.feed(new Event.ProcessSpawned(new InstanceId(DB, 0), 1, process(100)));
        before.feed(new Event.ProcessSpawned(new InstanceId(DB, 1), 1, process(101)));
        Machines next = before.nextLife(Machines.spec(DB, 1, false), Machines.spec(WEB, false, DB));
        // when
        next.started();
        next.feed(new Event.TimerFired(new TimerKey.OfInstance(new InstanceId(DB, 0), TimerKey.Purpose.BACKOFF, 1)));
        next.feed(new Event.ProcessSpawned(new InstanceId(DB, 0), 2, process(102)));
        // then
        assertThat(next.effects).contains(new Effect.Spawn(WEB_0, 1, Optional.empty()));
        IntentId restart = next.order(Action.RESTART, DB);
        next.feed(new Event.ProcessExited(new InstanceId(DB, 0), 2, new ExitStatus.Exited(0), 0));
        next.feed(new Event.ProcessSpawned(new InstanceId(DB, 0), 3, process(103)));
        assertThat(next.outcome(restart)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void whatMayHaveBeenStartedAsTheSidecarDiedIsNotStartedAgain() {
        // given
        IntentId restart = new IntentId("restart");
        Machines life = restartedUpToTheSpawn(restart, WaitFor.STARTED);
        // when
        Machines next = life.nextLife(Machines.spec(WEB, false));
        next.feed(startedAfter(new Event.Noted(WEB_0, 2, Optional.of(restart), Optional.empty())));
        // then the order is over, which the restart policy goes on from
        assertThat(next.outcome(restart)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(next.detail(restart)).isEqualTo(Adoption.MAY_HAVE_RUN);
        assertThat(next.web().state()).isInstanceOf(InstanceState.BackingOff.class);
        assertThat(next.effects).doesNotHaveAnyElementsOfTypes(Effect.Spawn.class);
    }

    @Test
    void whatWasToBecomeReadyAndMayNotEvenHaveRunHasFailed() {
        // given
        IntentId restart = new IntentId("restart");
        Machines life = restartedUpToTheSpawn(restart, WaitFor.READY);
        // when
        Machines next = life.nextLife(Machines.spec(WEB, false));
        next.feed(startedAfter(new Event.Noted(WEB_0, 2, Optional.of(restart), Optional.empty())));
        // then
        assertThat(next.outcome(restart)).isEqualTo(Outcome.FAILED);
        assertThat(next.detail(restart)).isEqualTo(Adoption.MAY_HAVE_RUN);
    }

    @Test
    void whatWasNotBegunAsTheSidecarDiedIsStartedForItsOrder() {
        // given
        IntentId restart = new IntentId("restart");
        Machines life = restartedUpToTheSpawn(restart, WaitFor.STARTED);
        // when there is the note of an earlier start only
        Machines next = life.nextLife(Machines.spec(WEB, false));
        next.feed(startedAfter(new Event.Noted(WEB_0, 1, Optional.empty(), Optional.of(process(100)))));
        // then
        assertThat(next.effects).contains(new Effect.Spawn(WEB_0, 3, Optional.of(restart)));
    }

    /** A life in which an order has come as far as the start of incarnation 2. */
    private static Machines restartedUpToTheSpawn(IntentId restart, WaitFor waitFor) {
        Machines life = new Machines(Machines.spec(WEB, false)).started();
        life.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        Command command =
                Commands.of(restart, Action.RESTART, WEB).waitFor(waitFor).made();
        life.feed(new Event.CommandReceived(command, Optional.empty()));
        life.feed(new Event.JournalSynced(life.state.ledger().seq()));
        life.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        assertThat(life.effects).contains(new Effect.Spawn(WEB_0, 2, Optional.of(restart)));
        return life;
    }

    private static Event startedAfter(Event.Noted note) {
        return new Event.SidecarStarted(HOST, List.of(), List.of(note), true, false);
    }

    @Test
    void aStopThatOvertookARestartIsCarriedOutAfterACrash() {
        // given a restart under way, and a stop whose commit was not seen any more
        Machines life = new Machines(Machines.spec(WEB, false));
        life.feed(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        life.feed(started());
        life.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        life.feed(fromTopic(new IntentId("restart"), Action.RESTART, 0));
        life.feed(new Event.BatchesCommitted(0, life.state.ledger().seq()));
        life.feed(fromTopic(new IntentId("stop"), Action.STOP, 1));
        // when
        Machines next = life.nextLife(Machines.spec(WEB, false));
        next.feed(started(new Event.Found(WEB_0, 1, process(100), Optional.empty())));
        next.feed(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        next.feed(new Event.BatchesCommitted(0, next.state.ledger().seq()));
        next.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(0), 0));
        // then
        assertThat(next.outcome(new IntentId("stop"))).isEqualTo(Outcome.SUCCEEDED);
        assertThat(next.web().state()).isEqualTo(new InstanceState.Stopped());
    }

    @Test
    void aServiceThatWasBeingStoppedByAShutdownComesBackInTheNextLife() {
        // given a sidecar that was killed while it was leaving
        Machines life = new Machines(Machines.spec(WEB, false)).started();
        life.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        life.feed(new Event.ShutdownRequested("SIGTERM", false));
        Machines next = life.nextLife(Machines.spec(WEB, false));
        next.feed(started(new Event.Found(WEB_0, 1, process(100), Optional.empty())));
        // when
        next.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        // then
        assertThat(next.effects).contains(new Effect.Spawn(WEB_0, 2, Optional.empty()));
    }

    @Test
    void nothingOnATopicIsPassedOverWhileLeaving() {
        // given
        Machines life = new Machines(Machines.spec(WEB, false)).started();
        life.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        life.feed(new Event.ShutdownRequested("SIGTERM", false));
        life.feed(fromTopic(new IntentId("r"), Action.RESTART, 0));
        // when others come behind the command that is left for the next life
        life.feed(new Event.CommandPassedBy(new Position("respawn.commands", 0, 1)));
        life.feed(new Event.CommandRefused(
                new IntentId("x"), "test", "no", "eve", new Position("respawn.commands", 0, 2)));
        // then
        assertThat(life.state.ledger().positions()).isEmpty();
        assertThat(life.types()).doesNotContain("intent.rejected");
    }

    @Test
    void aFencedSidecarRefusesLocalOrdersAndGoesOnRestarting() {
        // given
        Machines life = new Machines(Machines.spec(WEB, false)).started();
        life.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        life.feed(new Event.KafkaChanged(KafkaStatus.FENCED, "another sidecar owns the state"));
        // when
        IntentId restart = life.order(Action.RESTART, WEB);
        life.feed(fromTopic(new IntentId("r"), Action.RESTART, 0));
        life.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(1), 0));
        life.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));
        // then
        assertThat(life.outcome(restart)).isEqualTo(Outcome.REJECTED);
        assertThat(life.state.intent(new IntentId("r"))).isEmpty();
        assertThat(life.effects).contains(new Effect.Spawn(WEB_0, 2, Optional.empty()));
    }

    @Test
    void anOrderToCancelItselfEndsOnce() {
        // given
        Machines life = new Machines(Machines.spec(WEB, false)).started();
        IntentId id = new IntentId("c");
        Command cancel = Commands.cancel(id, id).made();
        // when
        life.feed(new Event.CommandReceived(cancel, Optional.empty()));
        // then
        assertThat(life.types()).endsWith("intent.accepted", "intent.failed");
    }

    @Test
    void aStepThatFailsChangesNothing() {
        // given
        Machines life = new Machines(Machines.spec(WEB, false)).started();
        life.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        String before = life.state.describe();
        // when the end of the process is decided at a time after which there is none
        life.now = Instant.MAX;
        // then
        assertThatThrownBy(() -> life.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(1), 0)))
                .isInstanceOf(DateTimeException.class);
        assertThat(life.state.describe()).isEqualTo(before);
    }
}
