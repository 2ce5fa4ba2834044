package io.respawn.core;

import static io.respawn.core.Machines.DB;
import static io.respawn.core.Machines.DB_0;
import static io.respawn.core.Machines.HOST;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MachineTest {

    private final Machines machine = new Machines(Machines.spec(WEB, false));

    private void runWeb() {
        machine.started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
    }

    @Test
    void aRestartStopsFirstAndCarriesItsIdIntoTheReplacement() {
        // given
        runWeb();
        // when
        IntentId id = machine.order(Action.RESTART, WEB);
        // then
        assertThat(machine.effects).contains(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        assertThat(machine.effects).contains(new Effect.Spawn(WEB_0, 2, Optional.of(id)));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(101)));
        assertThat(machine.outcome(id)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.types()).endsWith("service.started", "intent.succeeded", "service.ready");
    }

    @Test
    void aStartOfWhatRunsNamesTheIncarnationThatSatisfiesIt() {
        // given
        runWeb();
        // when
        IntentId id = machine.order(Action.START, WEB);
        // then
        assertThat(machine.outcome(id)).isEqualTo(Outcome.COALESCED);
        assertThat(machine.state.intent(id).orElseThrow().targets().getFirst().after())
                .isEqualTo(1);
    }

    @Test
    void aStoppedServiceStaysDownUntilSomebodyStartsIt() {
        // given
        runWeb();
        // when
        IntentId stop = machine.order(Action.STOP, WEB);
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(0), 0));
        // then
        assertThat(machine.outcome(stop)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.web().state()).isEqualTo(new InstanceState.Stopped());
        IntentId start = machine.order(Action.START, WEB);
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(101)));
        assertThat(machine.outcome(start)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void sigkillFollowsTheGracePeriodAndIsRepeated() {
        // given
        runWeb();
        machine.order(Action.STOP, WEB);
        machine.effects.clear();
        // when
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.GRACE, 1)));
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.KILL, 1)));
        // then
        assertThat(machine.effects)
                .filteredOn(Effect.SendSignal.class::isInstance)
                .containsExactly(
                        new Effect.SendSignal(WEB_0, 1, Signal.KILL), new Effect.SendSignal(WEB_0, 1, Signal.KILL));
    }

    @Test
    void aTopicsOrderTouchesNothingBeforeItsCommit() {
        // given
        machine.feed(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        runWeb();
        machine.feed(new Event.StateRestored(
                1,
                Optional.empty(),
                List.of(),
                new CommandTopics(Map.of("respawn.commands-0", 0L), Map.of(), Map.of())));
        machine.effects.clear();
        // when
        Command command = Command.of(new IntentId("r"), "test", Action.RESTART, Optional.of(WEB));
        Step step =
                machine.feed(new Event.CommandReceived(command, Optional.of(new Position("respawn.commands", 0, 0))));
        // then
        assertThat(step.effects()).isEmpty();
        assertThat(machine.types()).endsWith("intent.accepted", "intent.started");
        machine.feed(new Event.BatchesCommitted(1, step.batch().orElseThrow().seq()));
        assertThat(machine.effects).contains(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
    }

    @Test
    void aCrashRestartDoesNotWaitForACommitAndSatisfiesTheOrder() {
        // given
        aTopicsOrderIsInFlight();
        // when the process dies, comes back by itself, and only then the commit arrives
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(1), 0));
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(101)));
        machine.feed(new Event.BatchesCommitted(1, machine.state.ledger().seq()));
        // then
        assertThat(machine.outcome(new IntentId("r"))).isEqualTo(Outcome.COALESCED);
        assertThat(machine.web().isReady()).isTrue();
    }

    private void aTopicsOrderIsInFlight() {
        machine.feed(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        runWeb();
        machine.feed(new Event.StateRestored(
                1, Optional.empty(), List.of(), new CommandTopics(Map.of(), Map.of(), Map.of())));
        Command command = Command.of(new IntentId("r"), "test", Action.RESTART, Optional.of(WEB));
        machine.feed(new Event.CommandReceived(command, Optional.of(new Position("respawn.commands", 0, 0))));
    }

    @Test
    void theSamePositionIsTakenOnceAndTheSameIdWithAnotherBodyIsRejected() {
        // given
        aTopicsOrderIsInFlight();
        int events = machine.events.size();
        Command other = Command.of(new IntentId("r"), "other", Action.STOP, Optional.of(WEB));
        // when
        machine.feed(new Event.CommandReceived(other, Optional.of(new Position("respawn.commands", 0, 0))));
        assertThat(machine.events).hasSize(events);
        machine.feed(new Event.CommandReceived(other, Optional.of(new Position("respawn.commands", 0, 1))));
        // then
        assertThat(machine.types()).endsWith("intent.rejected");
        assertThat(machine.state.intent(new IntentId("r")).orElseThrow().isOpen())
                .isTrue();
    }

    @Test
    void aStopDoesNotWaitForARestartThatWaitsForADependency() {
        // given
        Machines two = new Machines(Machines.spec(WEB, false, DB), Machines.spec(DB, true)).started();
        IntentId restart = two.order(Action.RESTART, WEB);
        // when
        IntentId stop = two.order(Action.STOP, WEB);
        // then
        assertThat(two.outcome(restart)).isEqualTo(Outcome.CANCELLED);
        assertThat(two.outcome(stop)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void leavingStopsDependentsFirst() {
        // given
        Machines two = new Machines(Machines.spec(WEB, false, DB), Machines.spec(DB, false)).started();
        two.feed(new Event.ProcessSpawned(DB_0, 1, process(100)));
        two.feed(new Event.ProcessSpawned(WEB_0, 1, process(101)));
        two.effects.clear();
        // when
        two.feed(new Event.ShutdownRequested("SIGTERM", false));
        // then
        assertThat(two.effects)
                .filteredOn(Effect.SendSignal.class::isInstance)
                .containsExactly(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        two.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        assertThat(two.effects).contains(new Effect.SendSignal(DB_0, 1, Signal.TERM));
        two.feed(new Event.ProcessExited(DB_0, 1, new ExitStatus.Signalled(15, false), 0));
        assertThat(two.effects).contains(new Effect.Flush()).doesNotContain(new Effect.Leave(0));
        two.feed(new Event.Flushed(true));
        assertThat(two.effects).endsWith(new Effect.Leave(0));
    }

    @Test
    void aBackoffGrowsHasALimitAndIsResetByAStableRun() {
        // given
        runWeb();
        // when
        List<Long> delays = new java.util.ArrayList<>();
        for (int incarnation = 1; incarnation < 10; incarnation++) {
            machine.feed(new Event.ProcessExited(WEB_0, incarnation, new ExitStatus.Exited(1), 0));
            delays.add(delay());
            machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, incarnation)));
            machine.feed(new Event.ProcessSpawned(WEB_0, incarnation + 1, process(100 + incarnation)));
        }
        machine.pass(Duration.ofSeconds(31));
        machine.feed(new Event.ProcessExited(WEB_0, 10, new ExitStatus.Exited(1), 0));
        // then
        assertThat(delays.getFirst()).isBetween(500L, 550L);
        assertThat(delays.get(1)).isBetween(1000L, 1100L);
        assertThat(delays.getLast()).isBetween(30_000L, 33_000L);
        assertThat(delay()).isBetween(500L, 550L);
    }

    private long delay() {
        InstanceState.BackingOff backingOff =
                (InstanceState.BackingOff) machine.web().state();
        return Duration.between(machine.now, backingOff.deadline()).toMillis();
    }

    @Test
    void aSidecarThatComesBackAdoptsWhatRunsAndCountsWhatEnded() {
        // given a life that ended with web running
        runWeb();
        State later = new State(machine.state.plan(), machine.state.ledger());
        machine.batches.forEach(batch -> batch.records().forEach(later::fold));
        Machine next = new Machine(Duration.ZERO, Duration.ofSeconds(60));
        // when
        Step adopted = next.step(
                later,
                new Stamp(machine.now, 1),
                new Event.SidecarStarted(
                        HOST,
                        List.of(new Event.Found(WEB_0, 1, process(100), Optional.empty())),
                        List.of(),
                        true,
                        false));
        // then
        assertThat(adopted.effects()).contains(new Effect.Adopt(WEB_0, 1, process(100)));
        assertThat(adopted.effects()).noneMatch(Effect.Spawn.class::isInstance);
        assertThat(later.instance(WEB_0).orElseThrow().isReady()).isTrue();
    }

    @Test
    void aServiceThatEndedMeanwhileIsACrashWithAnUnknownExit() {
        // given
        runWeb();
        State later = new State(machine.state.plan(), machine.state.ledger());
        machine.batches.forEach(batch -> batch.records().forEach(later::fold));
        // when
        new Machine(Duration.ZERO, Duration.ofSeconds(60))
                .step(
                        later,
                        new Stamp(machine.now, 1),
                        new Event.SidecarStarted(HOST, List.of(), List.of(), true, false));
        // then
        Instance web = later.instance(WEB_0).orElseThrow();
        assertThat(web.state()).isInstanceOf(InstanceState.BackingOff.class);
        assertThat(web.lastExit().orElseThrow().status()).isInstanceOf(ExitStatus.Unknown.class);
    }

    @Test
    void servicesWaitForKafkasStateWhenThereIsNoneHereAndStartProvisionallyAfterTheWait() {
        // given
        machine.feed(new Event.KafkaChanged(KafkaStatus.CONNECTING, ""));
        machine.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), true, true));
        assertThat(machine.effects).noneMatch(Effect.Spawn.class::isInstance);
        // when
        machine.feed(new Event.TimerFired(new TimerKey.RestoreWait()));
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        // then
        assertThat(machine.web().isReady()).isTrue();
        Service theirs = new Service(
                WEB,
                Service.Desired.DOWN,
                true,
                "eve",
                1,
                io.respawn.model.StopPolicy.DEFAULT,
                List.of(Instance.fresh(WEB_0, new InstanceState.Stopped()).atLeast(57)));
        Ledger ledger = new Ledger(4, 99, HOST, new TreeMap<>(), 12);
        machine.feed(new Event.StateRestored(
                5, Optional.of(ledger), List.of(theirs), new CommandTopics(Map.of(), Map.of(), Map.of())));
        assertThat(machine.effects).contains(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(0), 0));
        machine.order(Action.START, WEB);
        machine.feed(new Event.JournalSynced(machine.state.ledger().seq()));
        assertThat(machine.web().incarnation()).isEqualTo(58);
    }
}
