package io.respawn.core;

import static io.respawn.core.Machines.HOST;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.InstanceState.StopCause;
import io.respawn.model.Action;
import io.respawn.model.ExitStatus;
import io.respawn.model.Hook;
import io.respawn.model.HookPoint;
import io.respawn.model.Hooks;
import io.respawn.model.HostIdentity;
import io.respawn.model.Probe;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What waits for hooks, what ends them, and what follows from how they end. */
class HookingTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Hook HOOK = new Hook(new Probe.Exec(List.of("/bin/hook")), TIMEOUT);

    private static ServiceSpec spec(Hooks hooks) {
        return Machines.spec(WEB, false).with(hooks);
    }

    private static ServiceSpec preStart(boolean skips) {
        return spec(new Hooks(
                Optional.of(new Hooks.PreStart(HOOK, skips)), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static ServiceSpec postStart(boolean restarts) {
        return spec(new Hooks(
                Optional.empty(),
                Optional.of(new Hooks.PostStart(HOOK, restarts)),
                Optional.empty(),
                Optional.empty()));
    }

    private static ServiceSpec preStop() {
        return spec(new Hooks(Optional.empty(), Optional.empty(), Optional.of(HOOK), Optional.empty()));
    }

    private static ServiceSpec postStop() {
        return spec(new Hooks(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(HOOK)));
    }

    private static Effect.RunHook run(HookPoint point, long incarnation, Duration limit) {
        return new Effect.RunHook(
                WEB_0, incarnation, point, limit, new TreeMap<>(Map.of("RESPAWN_HOOK", point.word())));
    }

    private static Event.HookEnded ended(HookPoint point, long incarnation, boolean success) {
        return new Event.HookEnded(WEB_0, incarnation, point, success, success ? "exit code 0" : "exit code 1");
    }

    private static Machines running(ServiceSpec spec) {
        Machines machine = new Machines(spec).started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, Machines.process(7)));
        return machine;
    }

    private static void exit(Machines machine, ExitStatus status) {
        machine.feed(new Event.ProcessExited(WEB_0, 1, status, 0));
    }

    private static Instant in(Machines machine, Duration time) {
        return machine.now.plus(time);
    }

    @Test
    void nothingIsStartedBeforeThePreStartHookHasGoneWell() {
        // given
        Machines machine = new Machines(preStart(false)).started();
        assertThat(machine.effects).contains(run(HookPoint.PRE_START, 1, TIMEOUT));
        assertThat(machine.effects).doesNotHaveAnyElementsOfTypes(Effect.Spawn.class);
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Starting.class);
        assertThat(machine.state.starting()).containsExactly(WEB_0);
        // when
        machine.feed(ended(HookPoint.PRE_START, 1, true));
        // then
        assertThat(machine.effects).contains(new Effect.Spawn(WEB_0, 1, Optional.empty()));
    }

    @Test
    void aPreStartHookThatFailsIsAStartThatFailed() {
        // given
        Machines machine = new Machines(preStart(false)).started();
        // when
        machine.feed(ended(HookPoint.PRE_START, 1, false));
        // then
        assertThat(machine.web().state())
                .isInstanceOfSatisfying(
                        InstanceState.BackingOff.class,
                        state -> assertThat(state.reason()).contains("its pre-start hook failed: exit code 1"));
        assertThat(machine.web().hooks().failure().orElseThrow().point()).isEqualTo(HookPoint.PRE_START);
        assertThat(machine.types()).contains("service.hook-failed", "service.exited", "service.backing-off");
    }

    @Test
    void aPreStartHookMaySayThatThereIsNothingToStart() {
        // given
        Machines machine = new Machines(preStart(true)).started();
        // when
        machine.feed(ended(HookPoint.PRE_START, 1, false));
        // then
        assertThat(machine.web().state())
                .isInstanceOfSatisfying(
                        InstanceState.Completed.class,
                        state -> assertThat(state.successful()).isTrue());
        // when
        var start = machine.order(Action.START, WEB);
        machine.feed(ended(HookPoint.PRE_START, 2, false));
        // then
        assertThat(machine.outcome(start)).isEqualTo(Intent.Outcome.FAILED);
        assertThat(machine.detail(start)).startsWith("skipped");
    }

    @Test
    void aStopCallsAStartOffWhosePreStartHookRuns() {
        // given
        Machines machine = new Machines(preStart(false)).started();
        // when
        var stop = machine.order(Action.STOP, WEB);
        // then
        assertThat(machine.effects).endsWith(new Effect.CancelHook(WEB_0, 1, HookPoint.PRE_START));
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Starting.class);
        // when
        machine.feed(ended(HookPoint.PRE_START, 1, false));
        // then
        assertThat(machine.web().state()).isEqualTo(new InstanceState.Stopped());
        assertThat(machine.outcome(stop)).isEqualTo(Intent.Outcome.SUCCEEDED);
        assertThat(machine.types()).doesNotContain("service.hook-failed");
        assertThat(machine.effects).doesNotHaveAnyElementsOfTypes(Effect.Spawn.class);
    }

    @Test
    void nobodyIsReadyBeforeThePostStartHookHasGoneWell() {
        // given
        Machines machine = running(postStart(true));
        assertThat(machine.effects).contains(run(HookPoint.POST_START, 1, TIMEOUT));
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Running.class);
        // when
        machine.feed(ended(HookPoint.POST_START, 1, true));
        // then
        assertThat(machine.web().isReady()).isTrue();
    }

    @Test
    void aPostStartHookThatFailsEndsTheProcessOrIsOnlyReported() {
        // given
        Machines strict = running(postStart(true));
        Machines lenient = running(postStart(false));
        // when
        strict.feed(ended(HookPoint.POST_START, 1, false));
        lenient.feed(ended(HookPoint.POST_START, 1, false));
        // then
        assertThat(strict.web().state())
                .isInstanceOfSatisfying(
                        InstanceState.Terminating.class,
                        state -> assertThat(state.cause()).isEqualTo(StopCause.UNHEALTHY));
        assertThat(lenient.web().isReady()).isTrue();
        assertThat(lenient.types()).contains("service.hook-failed");
    }

    @Test
    void anEndDuringThePostStartHookEndsIt() {
        // given
        Machines machine = running(postStart(true));
        // when
        exit(machine, new ExitStatus.Exited(1));
        // then
        assertThat(machine.effects).contains(new Effect.CancelHook(WEB_0, 1, HookPoint.POST_START));
        assertThat(machine.web().hooks().isUnderWay()).isFalse();
        // when it says so late
        machine.feed(ended(HookPoint.POST_START, 1, false));
        // then
        assertThat(machine.web().state()).isInstanceOf(InstanceState.BackingOff.class);
    }

    @Test
    void theStopSignalFollowsThePreStopHookInTheSameTime() {
        // given
        Machines machine = running(preStop());
        Instant deadline = in(machine, StopPolicy.DEFAULT.gracePeriod());
        // when
        machine.order(Action.STOP, WEB);
        // then
        assertThat(machine.effects).contains(run(HookPoint.PRE_STOP, 1, StopPolicy.DEFAULT.gracePeriod()));
        assertThat(machine.effects).doesNotHaveAnyElementsOfTypes(Effect.SendSignal.class);
        // when
        machine.pass(Duration.ofSeconds(3));
        machine.feed(ended(HookPoint.PRE_STOP, 1, true));
        // then
        assertThat(machine.effects).contains(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        assertThat(machine.web().state())
                .isInstanceOfSatisfying(
                        InstanceState.Terminating.class,
                        state -> assertThat(state.deadline()).isEqualTo(deadline));
    }

    @Test
    void aPreStopHookThatTakesTheWholeTimeIsFollowedByTheSignalAndByTheNextStepAtOnce() {
        // given
        Machines machine = running(preStop());
        machine.order(Action.STOP, WEB);
        machine.pass(StopPolicy.DEFAULT.gracePeriod());
        // when
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.GRACE, 1)));
        // then
        assertThat(machine.effects)
                .contains(
                        new Effect.CancelHook(WEB_0, 1, HookPoint.PRE_STOP),
                        new Effect.SendSignal(WEB_0, 1, Signal.TERM))
                .endsWith(new Effect.ArmTimer(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.GRACE, 1), machine.now));
    }

    @Test
    void insistingSkipsThePreStopHook() {
        // given
        Machines machine = running(preStop());
        machine.feed(new Event.ShutdownRequested("SIGTERM", false));
        assertThat(machine.web().hooks().isAt(HookPoint.PRE_STOP)).isTrue();
        // when
        machine.feed(new Event.ShutdownRequested("SIGTERM", true));
        // then
        assertThat(machine.effects)
                .contains(
                        new Effect.CancelHook(WEB_0, 1, HookPoint.PRE_STOP),
                        new Effect.SendSignal(WEB_0, 1, Signal.KILL));
    }

    @Test
    void thePostStopHookIsToldHowItEndedAndTheNextStartWaitsForIt() {
        // given
        Machines machine = running(postStop());
        // when
        exit(machine, new ExitStatus.Exited(3));
        // then
        assertThat(machine.effects)
                .contains(new Effect.RunHook(
                        WEB_0,
                        1,
                        HookPoint.POST_STOP,
                        TIMEOUT,
                        new TreeMap<>(Map.of(
                                "RESPAWN_HOOK",
                                "post-stop",
                                "RESPAWN_EXIT_CODE",
                                "3",
                                "RESPAWN_EXIT_REASON",
                                "exited"))));
        // when the backoff is over before the hook is
        machine.pass(Duration.ofSeconds(1));
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));
        // then
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Waiting.class);
        assertThat(machine.state.queue(machine.now).get(WEB_0).reason()).contains("post-stop");
        // when
        machine.feed(ended(HookPoint.POST_STOP, 1, false));
        // then
        assertThat(machine.effects).contains(new Effect.Spawn(WEB_0, 2, Optional.empty()));
    }

    @Test
    void aStopIsOverWhenItsPostStopHookIs() {
        // given
        Machines machine = running(postStop());
        var stop = machine.order(Action.STOP, WEB);
        // when
        exit(machine, new ExitStatus.Signalled(15, false));
        // then
        assertThat(machine.web().state()).isEqualTo(new InstanceState.Stopped());
        assertThat(machine.state.intent(stop).orElseThrow().isOpen()).isTrue();
        assertThat(machine.effects)
                .filteredOn(Effect.RunHook.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.RunHook.class,
                        hook -> assertThat(hook.variables())
                                .containsEntry("RESPAWN_EXIT_SIGNAL", "SIGTERM")
                                .containsEntry("RESPAWN_EXIT_REASON", "ordered"));
        // when
        machine.feed(ended(HookPoint.POST_STOP, 1, true));
        // then
        assertThat(machine.outcome(stop)).isEqualTo(Intent.Outcome.SUCCEEDED);
    }

    @Test
    void leavingWaitsForPostStopHooksUnlessItIsInsistedOn() {
        // given
        Machines machine = running(postStop());
        machine.feed(new Event.ShutdownRequested("SIGTERM", false));
        exit(machine, new ExitStatus.Signalled(15, false));
        assertThat(machine.effects).doesNotHaveAnyElementsOfTypes(Effect.Flush.class);
        // when
        machine.feed(new Event.ShutdownRequested("SIGTERM", true));
        machine.feed(new Event.TimerFired(new TimerKey.ShutdownLimit()));
        // then
        assertThat(machine.effects).contains(new Effect.Flush());
    }

    @Test
    void aNewLifeDoesAgainWhatWasUnderWayUnlessItWasOnAnotherHost() {
        // given
        ServiceSpec spec = postStop();
        Machines before = running(spec);
        exit(before, new ExitStatus.Exited(3));
        // when
        Machines next = before.nextLife(spec).started();
        // then
        assertThat(next.effects).filteredOn(Effect.RunHook.class::isInstance).hasSize(1);
        assertThat(next.web().hooks().isAt(HookPoint.POST_STOP)).isTrue();
        // when
        Machines elsewhere = before.nextLife(spec);
        elsewhere.feed(new Event.SidecarStarted(
                new HostIdentity("boot-2", HOST.pidNamespace()), List.of(), List.of(), false, false));
        // then
        assertThat(elsewhere.effects).doesNotHaveAnyElementsOfTypes(Effect.RunHook.class);
        assertThat(elsewhere.web().hooks().isUnderWay()).isFalse();
    }

    @Test
    void aNewLifeBeginsTheStartAnewWhosePreStartHookWasUnderWay() {
        // given
        ServiceSpec spec = preStart(false);
        Machines before = new Machines(spec).started();
        // when
        Machines next = before.nextLife(spec).started();
        // then
        assertThat(next.effects).contains(run(HookPoint.PRE_START, 2, TIMEOUT));
        assertThat(next.effects).doesNotHaveAnyElementsOfTypes(Effect.Spawn.class);
    }

    @Test
    void aNewImageGoesOnWithWhatIsLeftOfTheTime() {
        // given
        Machines machine = running(postStart(true));
        machine.pass(Duration.ofSeconds(10));
        machine.effects.clear();
        // when
        machine.feed(new Event.Resumed(Optional.empty(), Duration.ofMillis(80), "all there was"));
        // then
        assertThat(machine.effects).contains(run(HookPoint.POST_START, 1, Duration.ofSeconds(20)));
    }
}
