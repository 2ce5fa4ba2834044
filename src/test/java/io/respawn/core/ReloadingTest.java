package io.respawn.core;

import static io.respawn.core.Machines.DB;
import static io.respawn.core.Machines.DB_0;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.core.InstanceState.Ready;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.InstanceState.Waiting;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.PlanDiff.Kind;
import io.respawn.model.Action;
import io.respawn.model.Backoff;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.Probes;
import io.respawn.model.Program;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Another plan is put in force as a whole: only what a process cannot take up restarts it, and what stays is not touched. */
class ReloadingTest {

    private static final ServiceName NEW = new ServiceName("new");
    private static final ServiceSpec WEB_SPEC = Machines.spec(WEB, false);
    private static final ServiceSpec DB_SPEC =
            Machines.spec(DB, false).with(StopPolicy.of(Signal.QUIT, Duration.ofSeconds(7)));

    private final Machines machine = new Machines(WEB_SPEC, DB_SPEC).started();

    ReloadingTest() {
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(11)));
        machine.feed(new Event.ProcessSpawned(DB_0, 1, process(12)));
        machine.effects.clear();
        machine.events.clear();
    }

    private Plan plan(ServiceSpec... specs) {
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        for (ServiceSpec spec : specs) {
            services.put(spec.name(), spec);
        }
        return new Plan(
                machine.state.plan().id(), Map.of(), machine.state.plan().budget(), services);
    }

    private IntentId reload(ServiceSpec... specs) {
        return reload(plan(specs));
    }

    private IntentId reload(Plan plan) {
        IntentId id = ordered();
        machine.feed(new Event.PlanRead(Optional.of(id), plan, List.of()));
        return id;
    }

    private IntentId ordered() {
        IntentId id = new IntentId("reload-" + machine.batches.size());
        machine.feed(
                new Event.CommandReceived(Command.of(id, "test", Action.RELOAD, Optional.empty()), Optional.empty()));
        assertThat(machine.effects).contains(new Effect.ReadConfiguration(id));
        return id;
    }

    private List<Effect> touching() {
        return machine.effects.stream()
                .filter(effect -> !(effect instanceof Effect.ReadConfiguration)
                        && !(effect instanceof Effect.FollowPlan)
                        && !(effect instanceof Effect.CancelTimer)
                        && !(effect instanceof Effect.ArmTimer))
                .toList();
    }

    private static ServiceSpec commanded(ServiceSpec spec) {
        return spec.with(new Program(List.of("/bin/another")));
    }

    @Test
    void takesAPolicyUpInPlace() {
        // when
        ServiceSpec gentle = WEB_SPEC.with(new RestartPolicy(RestartPolicy.Mode.NEVER, Set.of(0), Backoff.DEFAULT));
        IntentId id = reload(gentle, DB_SPEC);

        // then
        assertThat(touching()).isEmpty();
        assertThat(machine.outcome(id)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.detail(id)).isEqualTo("generation 2: update web (restart.policy); keep 1");
        assertThat(machine.state.service(WEB).orElseThrow().generation()).isEqualTo(2);
        assertThat(machine.state.service(DB).orElseThrow().generation()).isEqualTo(1);
        assertThat(machine.web().state()).isInstanceOf(Ready.class);
    }

    @Test
    void restartsForAnotherCommandByAnOrderOfItsOwn() {
        // when
        reload(commanded(WEB_SPEC), DB_SPEC);

        // then
        Intent restart = machine.state.intents().values().stream()
                .filter(intent -> intent.command().action() == Action.RESTART)
                .findFirst()
                .orElseThrow();
        assertThat(restart.command().reason()).isEqualTo("reload: changed command");
        assertThat(restart.command().requestedBy()).startsWith("reload-");
        assertThat(machine.web().state()).isInstanceOf(Terminating.class);
        assertThat(machine.effects)
                .noneMatch(effect -> effect instanceof Effect.SendSignal send
                        && send.instance().equals(DB_0));

        // when
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(21)));

        // then
        assertThat(machine.outcome(restart.id())).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void restartsNobodyWhoIsStoppedByHand() {
        // given
        machine.order(Action.STOP, WEB);
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        machine.effects.clear();

        // when
        reload(commanded(WEB_SPEC), DB_SPEC);

        // then
        assertThat(touching()).isEmpty();
    }

    @Test
    void startsWhatIsNewAndStopsWhatIsGoneAsItWasDeclared() {
        // when
        reload(WEB_SPEC, Machines.spec(NEW, false));

        // then
        assertThat(touching())
                .contains(
                        new Effect.Spawn(new io.respawn.model.InstanceId(NEW, 0), 1, Optional.empty()),
                        new Effect.SendSignal(DB_0, 1, Signal.QUIT));
        assertThat(machine.state.instance(DB_0).orElseThrow().state())
                .isInstanceOfSatisfying(
                        Terminating.class, end -> assertThat(end.deadline()).isEqualTo(machine.now.plusSeconds(7)));

        // when
        machine.feed(new Event.ProcessExited(DB_0, 1, new ExitStatus.Exited(0), 0));

        // then
        assertThat(machine.state.services()).containsOnlyKeys(NEW, WEB);
        assertThat(machine.batches.getLast().records()).contains(new StateRecord.ServiceTombstone(DB));

        // when
        machine.pass(Duration.ofMinutes(1));
        reload(WEB_SPEC, DB_SPEC);

        // then
        assertThat(machine.state.instance(DB_0).orElseThrow().incarnation()).isEqualTo(2);
    }

    @Test
    void endsAnOrderForWhatIsGone() {
        // given
        IntentId restart = machine.order(Action.RESTART, DB);

        // when
        reload(WEB_SPEC);
        machine.feed(new Event.ProcessExited(DB_0, 1, new ExitStatus.Exited(0), 0));

        // then
        assertThat(machine.outcome(restart)).isEqualTo(Outcome.FAILED);
        assertThat(machine.detail(restart)).isEqualTo(Orders.UNDECLARED);
    }

    @Test
    void scalesWithoutTouchingThoseThatStay() {
        // when
        reload(WEB_SPEC.withInstances(3), DB_SPEC);

        // then
        assertThat(touching()).hasSize(2).allMatch(effect -> effect instanceof Effect.Spawn);
        assertThat(PlanDiff.of(plan(WEB_SPEC), plan(WEB_SPEC.withInstances(3))).services())
                .containsExactly(new PlanDiff.Change(WEB, Kind.SCALE, List.of("instances")));
    }

    @Test
    void asksByTheNewProbeAndKeepsReadyWhoIs() {
        // when
        Probes probes = Machines.spec(WEB, true).probes();
        reload(WEB_SPEC.with(probes), DB_SPEC);

        // then
        assertThat(touching()).containsExactly(new Effect.StartProbe(WEB_0, 1, true));
        assertThat(machine.web().state()).isInstanceOf(Ready.class);

        // when
        machine.feed(new Event.ReadinessChanged(WEB_0, 1, false, "no answer"));
        assertThat(machine.web().state()).isInstanceOf(Running.class);
        reload(WEB_SPEC, DB_SPEC);

        // then
        assertThat(machine.web().state()).isInstanceOf(Ready.class);
    }

    @Test
    void waitsForANewDependency() {
        // given
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(1), 0));

        // when
        reload(Machines.spec(WEB, false, NEW), DB_SPEC, Machines.spec(NEW, true));
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));

        // then
        assertThat(machine.web().state()).isInstanceOf(Waiting.class);
    }

    @Test
    void refusesToBecomeAnother() {
        // when
        Plan stranger =
                new Plan(new SidecarId("other"), Map.of(), plan(WEB_SPEC).services());
        IntentId id = reload(stranger);

        // then
        assertThat(machine.outcome(id)).isEqualTo(Outcome.FAILED);
        assertThat(machine.detail(id)).contains("respawn.id", "'other'");
        assertThat(machine.state.plan().services()).containsOnlyKeys(WEB, DB);
    }

    @Test
    void saysAllThatIsWrongAndChangesNothing() {
        // given
        IntentId id = ordered();

        // when
        machine.feed(new Event.PlanRefused(Optional.of(id), List.of("one mistake", "another")));

        // then
        assertThat(machine.outcome(id)).isEqualTo(Outcome.FAILED);
        assertThat(machine.detail(id)).contains("nothing has changed", "one mistake; another");
        assertThat(touching()).isEmpty();
    }

    @Test
    void leavesTheOldPlanWholeWhenItFailsHalfway() {
        // given
        IntentId id = ordered();
        Plan before = machine.state.plan();
        String records = machine.state.describe();
        Plan next = plan(commanded(WEB_SPEC), Machines.spec(NEW, false));

        // when
        machine.breaksOnTime();
        assertThatThrownBy(() -> machine.feed(new Event.PlanRead(Optional.of(id), next, List.of())))
                .isInstanceOf(RuntimeException.class);
        machine.worksAgain();

        // then
        assertThat(machine.state.plan()).isEqualTo(before);
        assertThat(machine.state.describe()).isEqualTo(records);
        machine.feed(new Event.PlanRead(Optional.of(id), next, List.of()));
        assertThat(machine.outcome(id)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void catchesUpWithWhatChangedWhileNoSidecarRan() {
        // given
        ServiceSpec changed = commanded(WEB_SPEC);
        PlanDiff diff = PlanDiff.of(machine.state.plan(), plan(changed, DB_SPEC));
        Machines next = machine.nextLife(changed, DB_SPEC);
        List<Event.Found> found = List.of(
                new Event.Found(WEB_0, 1, process(11), Optional.empty()),
                new Event.Found(DB_0, 1, process(12), Optional.empty()));

        // when
        next.feed(new Event.SidecarStarted(Machines.HOST, found, List.of(), false, false));
        next.feed(new Event.PlanRemembered(diff, found));

        // then
        assertThat(next.web().state()).isInstanceOf(Terminating.class);
        assertThat(next.state.instance(DB_0).orElseThrow().state()).isInstanceOf(Ready.class);
    }

    @Test
    void leavesAloneWhatWasStartedFromTheNewPlanAlready() {
        // given
        ServiceSpec changed = commanded(WEB_SPEC);
        PlanDiff diff = PlanDiff.of(machine.state.plan(), plan(changed, DB_SPEC));
        Machines next = machine.nextLife(changed, DB_SPEC);
        List<Event.Found> found = List.of(new Event.Found(DB_0, 1, process(12), Optional.empty()));
        next.feed(new Event.SidecarStarted(Machines.HOST, found, List.of(), false, false));
        next.pass(Duration.ofMinutes(1));
        next.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));
        next.feed(new Event.ProcessSpawned(WEB_0, 2, process(21)));

        // when
        next.feed(new Event.PlanRemembered(diff, found));

        // then
        assertThat(next.web().state()).isInstanceOf(Ready.class);
    }

    @Test
    void namesVariablesWithoutTheirValues() {
        // given
        ServiceSpec secret = WEB_SPEC.with(new Program(
                WEB_SPEC.program().command(), Optional.empty(), Map.of("PASSWORD", "hunter2", "MODE", "a")));
        ServiceSpec another = WEB_SPEC.with(new Program(
                WEB_SPEC.program().command(), Optional.empty(), Map.of("PASSWORD", "hunter3", "MODE", "a")));

        // when
        PlanDiff diff = PlanDiff.of(plan(secret), plan(another));

        // then
        assertThat(diff.services())
                .containsExactly(new PlanDiff.Change(WEB, Kind.RESTART, List.of("environment.PASSWORD")));
        assertThat(diff.toString()).doesNotContain("hunter");
    }
}
