package io.respawn.core;

import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.ProbeFailed.Kind;
import io.respawn.model.Action;
import io.respawn.model.Backoff;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.IntentId;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.Probes.Liveness;
import io.respawn.model.RestartPolicy;
import io.respawn.model.RestartPolicy.Mode;
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import io.respawn.testing.Commands;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What follows when probes say that a process is not well. */
class AilingTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Probe PROBE = new Probe(new Probe.TcpSocket(1), Duration.ZERO, SECOND, SECOND, 1, 3);
    private static final Backoff BACKOFF = new Backoff(SECOND, 2.0, Duration.ofSeconds(8), 0.0, Duration.ofSeconds(30));
    private static final RestartPolicy ALWAYS = new RestartPolicy(Mode.ALWAYS, Set.of(0), BACKOFF);
    private static final String WHY = "the liveness probe failed 3 times: no answer";

    private static Liveness liveness(Optional<Signal> first, boolean restarts) {
        return new Liveness(PROBE, first, restarts);
    }

    private static Machines running(RestartPolicy policy, Optional<Probe> startup, Optional<Liveness> liveness) {
        Probes probes = new Probes(startup, Optional.empty(), liveness);
        Machines machine = new Machines(Machines.with(Machines.spec(WEB, false), policy, 0, false)
                        .with(probes))
                .started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
        return machine;
    }

    private static Machines ready(Liveness liveness) {
        return running(ALWAYS, Optional.empty(), Optional.of(liveness));
    }

    private static void fail(Machines machine, Kind kind) {
        machine.feed(new ProbeFailed(WEB_0, machine.web().incarnation(), kind, WHY));
    }

    private static List<Signal> signals(Machines machine) {
        return machine.effects.stream()
                .filter(Effect.SendSignal.class::isInstance)
                .map(effect -> ((Effect.SendSignal) effect).signal())
                .toList();
    }

    private static Optional<String> detail(Machines machine, String happening) {
        return machine.events.stream()
                .filter(event -> event.type().equals(PublicEvent.serviceType(happening)))
                .map(PublicEvent::detail)
                .findFirst();
    }

    @Test
    void aProcessThatIsNotSaneIsStoppedAndComesBackAfterItsBackoff() {
        // given
        Machines machine = ready(liveness(Optional.empty(), true));
        assertThat(machine.web().isReady()).isTrue();
        assertThat(machine.effects).contains(new Effect.StartProbe(WEB_0, 1));
        // when
        fail(machine, Kind.LIVENESS);
        // then
        assertThat(machine.web().state())
                .isInstanceOfSatisfying(
                        InstanceState.Terminating.class,
                        terminating -> assertThat(terminating.cause()).isEqualTo(InstanceState.StopCause.UNHEALTHY));
        assertThat(signals(machine)).containsExactly(Signal.TERM);
        assertThat(machine.effects).contains(new Effect.StopProbe(WEB_0));
        assertThat(detail(machine, "unhealthy")).contains(WHY);
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        assertThat(machine.web().state())
                .isInstanceOfSatisfying(
                        InstanceState.BackingOff.class,
                        backingOff -> assertThat(backingOff.deadline()).isEqualTo(machine.now.plus(SECOND)));
        machine.pass(SECOND);
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Starting.class);
    }

    @Test
    void aProcessThatIgnoresTheStopSignalIsKilled() {
        // given
        Machines machine = ready(liveness(Optional.empty(), true));
        fail(machine, Kind.LIVENESS);
        // when
        machine.pass(Duration.ofSeconds(10));
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.GRACE, 1)));
        // then
        assertThat(signals(machine)).containsExactly(Signal.TERM, Signal.KILL);
    }

    @Test
    void itIsOnlyReportedWhenThatIsTheAction() {
        // given
        Machines machine = ready(liveness(Optional.empty(), false));
        // when
        fail(machine, Kind.LIVENESS);
        // then
        assertThat(machine.web().isReady()).isTrue();
        assertThat(signals(machine)).isEmpty();
        assertThat(detail(machine, "unhealthy")).contains(WHY);
    }

    @Test
    void theActionOfLivenessDoesNotSaveAServiceThatNeverCameUp() {
        // given
        Machines machine = running(ALWAYS, Optional.of(PROBE), Optional.of(liveness(Optional.of(Signal.QUIT), false)));
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Running.class);
        // when
        fail(machine, Kind.STARTUP);
        // then
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Terminating.class);
        assertThat(signals(machine)).containsExactly(Signal.TERM);
    }

    @Test
    void theSignalForAThreadDumpGoesBeforeTheStopSignal() {
        // given
        Machines machine = ready(liveness(Optional.of(Signal.QUIT), true));
        // when
        fail(machine, Kind.LIVENESS);
        // then
        assertThat(signals(machine)).containsExactly(Signal.QUIT, Signal.TERM);
    }

    @Test
    void aLateNoDoesNothingWhileItIsBeingStopped() {
        // given
        Machines machine = ready(liveness(Optional.of(Signal.QUIT), true));
        machine.order(Action.STOP, WEB);
        InstanceState before = machine.web().state();
        // when
        fail(machine, Kind.LIVENESS);
        // then
        assertThat(machine.web().state()).isEqualTo(before);
        assertThat(signals(machine)).containsExactly(Signal.TERM);
        assertThat(detail(machine, "unhealthy")).isEmpty();
    }

    @Test
    void aLateNoDoesNothingWhileItBacksOffAndNothingToTheNextProcess() {
        // given
        Machines machine = ready(liveness(Optional.empty(), true));
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(1), 0));
        InstanceState before = machine.web().state();
        // when
        fail(machine, Kind.LIVENESS);
        // then
        assertThat(machine.web().state()).isEqualTo(before).isInstanceOf(InstanceState.BackingOff.class);
        machine.pass(SECOND);
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(101)));
        machine.feed(new ProbeFailed(WEB_0, 1, Kind.LIVENESS, WHY));
        assertThat(machine.web().isReady()).isTrue();
        assertThat(signals(machine)).isEmpty();
    }

    @Test
    void anOrderThatWaitsForReadyFailsWithTheReason() {
        // given
        Machines machine = running(ALWAYS, Optional.of(PROBE), Optional.empty());
        machine.feed(new Event.ReadinessChanged(WEB_0, 1, true, ""));
        IntentId order = orderAndWaitForReady(machine);
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(101)));
        // when
        fail(machine, Kind.STARTUP);
        // then
        assertThat(machine.outcome(order)).isEqualTo(Intent.Outcome.FAILED);
        assertThat(machine.events)
                .filteredOn(event -> event.type().equals(PublicEvent.intentType("failed")))
                .singleElement()
                .satisfies(event -> assertThat(event.detail()).contains(WHY));
    }

    private static IntentId orderAndWaitForReady(Machines machine) {
        IntentId id = new IntentId("restart-and-wait");
        Command command =
                Commands.of(id, Action.RESTART, WEB).waitFor(WaitFor.READY).made();
        machine.feed(new Event.CommandReceived(command, Optional.empty()));
        return id;
    }

    @Test
    void anEndThatAProbeBroughtAboutIsNeverASuccess() {
        // given: it ends as it should when it is asked to
        RestartPolicy onFailure = new RestartPolicy(Mode.ON_FAILURE, Set.of(0), BACKOFF);
        RestartPolicy never = new RestartPolicy(Mode.NEVER, Set.of(0), BACKOFF);
        // then
        assertThat(afterGracefulEnd(onFailure)).isInstanceOf(InstanceState.BackingOff.class);
        assertThat(afterGracefulEnd(never)).isEqualTo(new InstanceState.Completed(new ExitStatus.Exited(0), false));
    }

    private static InstanceState afterGracefulEnd(RestartPolicy policy) {
        Machines machine = running(policy, Optional.empty(), Optional.of(liveness(Optional.empty(), true)));
        fail(machine, Kind.LIVENESS);
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(0), 0));
        return machine.web().state();
    }

    @Test
    void anOrderToStopIsStrongerThanAProbe() {
        // given
        Machines machine = ready(liveness(Optional.empty(), true));
        fail(machine, Kind.LIVENESS);
        // when
        IntentId order = machine.order(Action.STOP, WEB);
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Exited(0), 0));
        // then
        assertThat(machine.web().state()).isEqualTo(new InstanceState.Stopped());
        assertThat(machine.outcome(order)).isEqualTo(Intent.Outcome.SUCCEEDED);
    }
}
