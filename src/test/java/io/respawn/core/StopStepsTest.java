package io.respawn.core;

import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.InstanceState.Killing;
import io.respawn.core.InstanceState.Starting;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.TimerKey.Purpose;
import io.respawn.model.Action;
import io.respawn.model.ExitStatus;
import io.respawn.model.IntentId;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import io.respawn.model.StopPolicy.Step;
import io.respawn.model.StopPolicy.Way;
import io.respawn.testing.Commands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Stopping in steps: a signal, a command, another signal, and in the end SIGKILL. */
class StopStepsTest {

    private static final List<String> DRAIN = List.of("/srv/drain", "--now");
    private static final StopPolicy POLICY = new StopPolicy(List.of(
            new Step(new Way.Send(Signal.QUIT), Duration.ofSeconds(20)),
            new Step(new Way.Run(DRAIN), Duration.ofSeconds(5)),
            new Step(new Way.Send(Signal.TERM), Duration.ofSeconds(3))));

    private final Machines machine = running();
    private final Instant begin = machine.now;

    private static Machines running() {
        Machines machine = new Machines(Machines.spec(WEB, false).with(POLICY)).started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        return machine;
    }

    private void waitedFor(Duration time) {
        machine.pass(time);
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, Purpose.GRACE, 1)));
    }

    private Effect last() {
        return machine.effects.reversed().stream()
                .filter(effect -> effect instanceof Effect.SendSignal || effect instanceof Effect.RunStopCommand)
                .findFirst()
                .orElseThrow();
    }

    private Instant nextAt() {
        return machine.effects.reversed().stream()
                .filter(Effect.ArmTimer.class::isInstance)
                .map(Effect.ArmTimer.class::cast)
                .findFirst()
                .orElseThrow()
                .deadline();
    }

    @Test
    void takesOneStepAfterTheOtherAndKillsInTheEnd() {
        // when
        machine.order(Action.STOP, WEB);
        // then
        assertThat(last()).isEqualTo(new Effect.SendSignal(WEB_0, 1, Signal.QUIT));
        assertThat(nextAt()).isEqualTo(begin.plusSeconds(20));
        waitedFor(Duration.ofSeconds(20));
        assertThat(last()).isEqualTo(new Effect.RunStopCommand(WEB_0, 1, 1, DRAIN, Duration.ofSeconds(8)));
        assertThat(nextAt()).isEqualTo(begin.plusSeconds(25));
        waitedFor(Duration.ofSeconds(5));
        assertThat(last()).isEqualTo(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        waitedFor(Duration.ofSeconds(3));
        assertThat(last()).isEqualTo(new Effect.SendSignal(WEB_0, 1, Signal.KILL));
        assertThat(machine.web().state()).isInstanceOf(Killing.class);
    }

    @Test
    void aCommandThatFailsIsFollowedByTheNextStepAtOnce() {
        // given
        machine.order(Action.STOP, WEB);
        waitedFor(Duration.ofSeconds(20));
        // when
        machine.feed(new Event.StopCommandFailed(WEB_0, 1, 1, "exit code 1"));
        // then
        assertThat(last()).isEqualTo(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        // and the same news again, or late, changes nothing
        machine.feed(new Event.StopCommandFailed(WEB_0, 1, 1, "exit code 1"));
        assertThat(machine.web().state())
                .isInstanceOfSatisfying(
                        Terminating.class, t -> assertThat(t.step()).isEqualTo(2));
    }

    @Test
    void theGracePeriodOfAnOrderIsTakenFromTheFirstSteps() {
        // when
        machine.feed(stop("stop-soon", Duration.ofSeconds(4)));
        // then: SIGKILL comes after four seconds, the last step keeps its three
        assertThat(((Terminating) machine.web().state()).deadline()).isEqualTo(begin.plusSeconds(4));
        waitedFor(Duration.ZERO);
        waitedFor(Duration.ZERO);
        assertThat(last()).isEqualTo(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        assertThat(nextAt()).isEqualTo(begin.plusSeconds(4));
    }

    @Test
    void aStopWithAGracePeriodOfItsOwnOvertakesALongerOne() {
        // given
        IntentId first = machine.order(Action.STOP, WEB);
        // when
        machine.feed(stop("stop-now", Duration.ofSeconds(3)));
        // then: the first step has no time left, the last keeps its three seconds
        assertThat(machine.outcome(first)).isEqualTo(Intent.Outcome.CANCELLED);
        assertThat(((Terminating) machine.web().state()).deadline()).isEqualTo(begin.plusSeconds(3));
        assertThat(nextAt()).isBefore(begin);
        waitedFor(Duration.ZERO);
        waitedFor(Duration.ZERO);
        assertThat(last()).isEqualTo(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
        assertThat(nextAt()).isEqualTo(begin.plusSeconds(3));
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        assertThat(machine.outcome(new IntentId("stop-now"))).isEqualTo(Intent.Outcome.SUCCEEDED);
    }

    @Test
    void aStopThatWouldTakeLongerDoesNotSlowDownTheOneUnderWay() {
        // given
        machine.order(Action.STOP, WEB);
        // when
        machine.feed(stop("stop-later", Duration.ofHours(1)));
        // then
        assertThat(((Terminating) machine.web().state()).deadline()).isEqualTo(begin.plusSeconds(28));
        assertThat(nextAt()).isEqualTo(begin.plusSeconds(20));
    }

    @Test
    void goesOnWithTheStepThatWasUnderWayAfterACrash() {
        // given
        machine.order(Action.STOP, WEB);
        waitedFor(Duration.ofSeconds(20));
        Machines next = machine.nextLife(Machines.spec(WEB, false).with(POLICY));
        next.pass(Duration.ofSeconds(1));
        // when
        next.feed(new Event.SidecarStarted(
                Machines.HOST,
                List.of(new Event.Found(WEB_0, 1, process(100), Optional.empty())),
                List.of(),
                false,
                false));
        // then
        assertThat(next.effects)
                .contains(
                        new Effect.RunStopCommand(WEB_0, 1, 1, DRAIN, Duration.ofSeconds(7)),
                        new Effect.ArmTimer(new TimerKey.OfInstance(WEB_0, Purpose.GRACE, 1), begin.plusSeconds(25)));
    }

    @Test
    void leavesBehindWhatDoesNotEvenEndBySigkillOnceLeavingHasTakenTooLong() {
        // given: one that hangs in the kernel
        machine.feed(new Event.ShutdownRequested("SIGTERM", false));
        assertThat(machine.effects).contains(new Effect.ArmTimer(new TimerKey.ShutdownLimit(), begin.plusSeconds(60)));
        machine.pass(Duration.ofSeconds(60));
        machine.feed(new Event.TimerFired(new TimerKey.ShutdownLimit()));
        assertThat(last()).isEqualTo(new Effect.SendSignal(WEB_0, 1, Signal.KILL));
        assertThat(machine.effects).doesNotContain(new Effect.Flush());
        // when
        machine.pass(Shutdown.LAST_WAIT);
        machine.feed(new Event.TimerFired(new TimerKey.ShutdownLimit()));
        // then
        assertThat(machine.effects).contains(new Effect.Flush());
        machine.feed(new Event.Flushed(true));
        assertThat(machine.effects).endsWith(new Effect.Leave(0));
    }

    @Test
    void leavesBehindAStartThatHangs() {
        // given
        Machines hanging = new Machines(Machines.spec(WEB, false)).started();
        assertThat(hanging.web().state()).isInstanceOf(Starting.class);
        hanging.feed(new Event.ShutdownRequested("SIGTERM", false));
        // when
        hanging.feed(new Event.ShutdownRequested("SIGTERM", true));
        assertThat(hanging.effects).doesNotContain(new Effect.Flush());
        hanging.feed(new Event.TimerFired(new TimerKey.ShutdownLimit()));
        // then
        assertThat(hanging.effects).contains(new Effect.Flush());
    }

    private static Event stop(String id, Duration grace) {
        return new Event.CommandReceived(
                Commands.of(id, Action.STOP).service(WEB).gracePeriod(grace).made(), Optional.empty());
    }
}
