package io.respawn.core;

import static io.respawn.core.Machines.DB;
import static io.respawn.core.Machines.DB_0;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Action;
import io.respawn.model.Backoff;
import io.respawn.model.ExitRule;
import io.respawn.model.ExitStatus;
import io.respawn.model.RestartLimit;
import io.respawn.model.RestartPolicy;
import io.respawn.model.RestartPolicy.Mode;
import io.respawn.model.RestartPolicy.Scope;
import io.respawn.model.RestartPolicy.Verdict;
import io.respawn.model.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {

    private static final Backoff AT_ONCE = new Backoff(Duration.ZERO, 1.0, Duration.ZERO, 0.0, Duration.ofSeconds(30));

    private static Machines running(RestartPolicy policy, boolean endsSidecar) {
        Machines machine = new Machines(Machines.with(Machines.spec(WEB, false), policy, 0, endsSidecar)).started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        return machine;
    }

    private static RestartPolicy limited(int count, Optional<Duration> retryAfter) {
        return new RestartPolicy(
                Mode.ALWAYS,
                Set.of(0),
                List.of(),
                AT_ONCE,
                Optional.of(new RestartLimit(count, Duration.ofSeconds(60), retryAfter)),
                Scope.SELF);
    }

    private static void crash(Machines machine) {
        long incarnation = machine.web().incarnation();
        machine.feed(new Event.ProcessExited(WEB_0, incarnation, new ExitStatus.Exited(1), 0));
        if (machine.web().state() instanceof InstanceState.Starting) {
            machine.feed(new Event.ProcessSpawned(WEB_0, incarnation + 1, process(101 + (int) incarnation)));
        }
    }

    @Test
    void givesUpAfterTooManyEndsWithinTheIntervalHoweverLongEachRan() {
        // given: each run lasts 15 s, long enough to be called started by anybody
        Machines machine = running(limited(3, Optional.of(Duration.ofMinutes(5))), false);
        // when
        for (int i = 0; i < 4; i++) {
            machine.pass(Duration.ofSeconds(15));
            crash(machine);
        }
        // then
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Exhausted.class);
        assertThat(machine.types()).contains("service.exhausted");
        machine.pass(Duration.ofMinutes(5));
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.RETRY, 4)));
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Starting.class);
        assertThat(machine.web().recentEnds()).isEmpty();
    }

    @Test
    void endsOutsideTheIntervalDoNotCount() {
        // given
        Machines machine = running(limited(3, Optional.empty()), false);
        // when
        for (int i = 0; i < 20; i++) {
            machine.pass(Duration.ofSeconds(25));
            crash(machine);
        }
        // then
        assertThat(machine.web().isReady()).isTrue();
    }

    @Test
    void anOrderedRestartNeverUsesUpTheLimitAndResetsIt() {
        // given
        Machines machine = running(limited(2, Optional.empty()), false);
        crash(machine);
        crash(machine);
        // when
        machine.order(Action.RESTART, WEB);
        long incarnation = machine.web().incarnation();
        machine.feed(new Event.ProcessExited(WEB_0, incarnation, new ExitStatus.Signalled(15, false), 0));
        machine.feed(new Event.ProcessSpawned(WEB_0, incarnation + 1, process(200)));
        // then
        assertThat(machine.web().recentEnds()).isEmpty();
        crash(machine);
        assertThat(machine.web().isReady()).isTrue();
    }

    @Test
    void aResetBringsBackWhatWasGivenUp() {
        // given
        Machines machine = running(limited(1, Optional.empty()), false);
        crash(machine);
        crash(machine);
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Exhausted.class);
        // when
        machine.order(Action.RESET, WEB);
        // then
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Starting.class);
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        // given
        RestartPolicy policy = new RestartPolicy(
                Mode.ALWAYS,
                Set.of(0),
                List.of(
                        new ExitRule(Set.of(78), Set.of(), Verdict.GIVE_UP),
                        new ExitRule(Set.of(3), Set.of(), Verdict.SUCCESS),
                        new ExitRule(Set.of(), Set.of(11), Verdict.STOP)),
                AT_ONCE,
                Optional.empty(),
                Scope.SELF);
        // then
        assertThat(after(policy, new ExitStatus.Exited(78))).isInstanceOf(InstanceState.Exhausted.class);
        assertThat(after(policy, new ExitStatus.Exited(3)))
                .isEqualTo(new InstanceState.Completed(new ExitStatus.Exited(3), true));
        assertThat(after(policy, new ExitStatus.Signalled(11, true)))
                .isEqualTo(new InstanceState.Completed(new ExitStatus.Signalled(11, true), false));
        assertThat(after(policy, new ExitStatus.Exited(1))).isInstanceOf(InstanceState.Starting.class);
    }

    private static InstanceState after(RestartPolicy policy, ExitStatus exit) {
        Machines machine = running(policy, false);
        machine.feed(new Event.ProcessExited(WEB_0, 1, exit, 0));
        return machine.web().state();
    }

    @Test
    void theSidecarEndsWithAServiceThatItMustNotOutliveAndWithItsExitCode() {
        // given
        Machines machine = running(new RestartPolicy(Mode.NEVER, Set.of(0), AT_ONCE), true);
        // when
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(42), 0));
        machine.feed(new Event.Flushed(true));
        // then
        assertThat(machine.effects).endsWith(new Effect.Leave(42));
    }

    @Test
    void dependentsAreRestartedWithTheServiceTheyNeedWhenItSaysSo() {
        // given
        RestartPolicy policy =
                new RestartPolicy(Mode.ALWAYS, Set.of(0), List.of(), AT_ONCE, Optional.empty(), Scope.DEPENDENTS);
        Machines two = new Machines(
                        Machines.spec(WEB, false, DB), Machines.with(Machines.spec(DB, false), policy, 0, false))
                .started();
        two.feed(new Event.ProcessSpawned(DB_0, 1, process(100)));
        two.feed(new Event.ProcessSpawned(WEB_0, 1, process(101)));
        // when
        two.feed(new Event.ProcessExited(DB_0, 1, new ExitStatus.Exited(1), 0));
        // then
        assertThat(two.effects).contains(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        two.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        assertThat(two.web().state()).isInstanceOf(InstanceState.Waiting.class);
        two.feed(new Event.ProcessSpawned(DB_0, 2, process(102)));
        assertThat(two.web().state()).isInstanceOf(InstanceState.Starting.class);
    }
}
