package io.respawn.core;

import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event.CameUp;
import io.respawn.core.Event.Found;
import io.respawn.core.Event.HandedOver;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.ProcessSpawned;
import io.respawn.core.Event.ReadinessChanged;
import io.respawn.core.Event.StatusTold;
import io.respawn.core.Event.TimeoutExtended;
import io.respawn.core.Event.Withdrew;
import io.respawn.core.TimerKey.Purpose;
import io.respawn.model.Action;
import io.respawn.model.ReadyLine;
import io.respawn.model.ServiceSpec;
import io.respawn.model.StartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What follows from what a process says about itself. */
class SelfReportTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final StartPolicy NOTIFIES =
            new StartPolicy(TIMEOUT, true, Optional.of(Duration.ofSeconds(5)), Optional.empty());
    private static final StartPolicy PRINTS =
            new StartPolicy(TIMEOUT, false, Optional.empty(), Optional.of(new ReadyLine("up")));

    private static Machines machine(StartPolicy start, boolean probed) {
        return new Machines(spec(start, probed)).started();
    }

    private static ServiceSpec spec(StartPolicy start, boolean probed) {
        return Machines.spec(WEB, probed).with(start);
    }

    private static Machines spawned(StartPolicy start, boolean probed) {
        Machines machine = machine(start, probed);
        machine.feed(new ProcessSpawned(WEB_0, 1, Machines.process(7)));
        return machine;
    }

    private static void up(Machines machine) {
        machine.feed(new CameUp(WEB_0, 1, "it says that it is up"));
    }

    private static boolean isReady(Machines machine) {
        return machine.web().isReady();
    }

    private static List<Instant> armed(Machines machine, Purpose purpose) {
        return machine.effects.stream()
                .filter(Effect.ArmTimer.class::isInstance)
                .map(Effect.ArmTimer.class::cast)
                .filter(arm -> arm.key().equals(new TimerKey.OfInstance(WEB_0, purpose, 1)))
                .map(Effect.ArmTimer::deadline)
                .toList();
    }

    private static long probesStarted(Machines machine) {
        return machine.effects.stream()
                .filter(Effect.StartProbe.class::isInstance)
                .count();
    }

    @Test
    void isReadyOnceItSaysSo() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        assertThat(isReady(machine)).isFalse();
        assertThat(armed(machine, Purpose.START_TIMEOUT)).containsExactly(machine.now.plus(TIMEOUT));
        // when
        up(machine);
        up(machine);
        // then
        assertThat(isReady(machine)).isTrue();
        assertThat(machine.types()).containsOnlyOnce("service.ready");
    }

    @Test
    void isStoppedWhenItDoesNotSaySoInTime() {
        // given
        Machines machine = spawned(PRINTS, false);
        // when
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, Purpose.START_TIMEOUT, 1)));
        // then
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Terminating.class);
    }

    @Test
    void beginsToProbeWhenItHasComeUpAndNotBefore() {
        // given
        Machines machine = spawned(PRINTS, true);
        assertThat(probesStarted(machine)).isZero();
        machine.feed(new ReadinessChanged(WEB_0, 1, true, "of nobody who was asked"));
        assertThat(isReady(machine)).isFalse();
        // when
        up(machine);
        // then
        assertThat(probesStarted(machine)).isOne();
        assertThat(isReady(machine)).isFalse();
        machine.feed(new ReadinessChanged(WEB_0, 1, true, ""));
        assertThat(isReady(machine)).isTrue();
    }

    @Test
    void remembersAWordThatOvertakesTheNewsOfTheStart() {
        // given
        Machines machine = machine(NOTIFIES, false);
        // when
        up(machine);
        assertThat(machine.web().state()).isEqualTo(new InstanceState.Starting(machine.now, false, true));
        machine.feed(new ProcessSpawned(WEB_0, 1, Machines.process(7)));
        // then
        assertThat(isReady(machine)).isTrue();
    }

    @Test
    void takesSuchAWordBackWhenItIsTakenBack() {
        // given
        Machines machine = machine(NOTIFIES, false);
        up(machine);
        // when
        machine.feed(new Withdrew(WEB_0, 1, "it says that it reloads"));
        machine.feed(new ProcessSpawned(WEB_0, 1, Machines.process(7)));
        // then
        assertThat(isReady(machine)).isFalse();
    }

    @Test
    void isUnreadyWhileItReloadsAndIsAskedAnewAfterwards() {
        // given
        Machines machine = spawned(NOTIFIES, true);
        up(machine);
        machine.feed(new ReadinessChanged(WEB_0, 1, true, ""));
        // when
        machine.feed(new Withdrew(WEB_0, 1, "it says that it reloads"));
        // then: what its probe says meanwhile does not count
        assertThat(isReady(machine)).isFalse();
        assertThat(machine.events.getLast().detail()).isEqualTo("it says that it reloads");
        machine.feed(new ReadinessChanged(WEB_0, 1, true, ""));
        assertThat(isReady(machine)).isFalse();
        assertThat(machine.effects).doesNotContain(new Effect.StopProbe(WEB_0));
        // when
        up(machine);
        machine.feed(new ReadinessChanged(WEB_0, 1, true, ""));
        // then
        assertThat(isReady(machine)).isTrue();
        assertThat(probesStarted(machine)).isEqualTo(2);
    }

    @Test
    void doesNotLetAServiceThatOnlyPrintsWithdraw() {
        // given
        Machines machine = spawned(PRINTS, false);
        up(machine);
        // when
        machine.feed(new Withdrew(WEB_0, 1, "it says that it reloads"));
        // then
        assertThat(isReady(machine)).isTrue();
    }

    @Test
    void hearsNothingOfEarlierIncarnations() {
        // given
        Machines machine = machine(NOTIFIES, false);
        machine.feed(new Event.SpawnFailed(WEB_0, 1, "no memory"));
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, Purpose.BACKOFF, 1)));
        machine.feed(new ProcessSpawned(WEB_0, 2, Machines.process(8)));
        // when
        up(machine);
        machine.feed(new StatusTold(WEB_0, 1, "late"));
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofMinutes(5)));
        // then
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Running.class);
        assertThat(machine.state.standing().status(machine.web())).isEmpty();
        assertThat(armed(machine, Purpose.START_TIMEOUT)).isEmpty();
    }

    @Test
    void endsAProcessWhoseWatchdogHeardNothing() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        up(machine);
        assertThat(probesStarted(machine)).isOne();
        // when
        String why = "the watchdog heard nothing for 5000 ms";
        machine.feed(new ProbeFailed(WEB_0, 1, ProbeFailed.Kind.WATCHDOG, why));
        // then
        assertThat(machine.web().state())
                .isInstanceOfSatisfying(
                        InstanceState.Terminating.class,
                        state -> assertThat(state.cause()).isEqualTo(InstanceState.StopCause.UNHEALTHY));
        assertThat(machine.events).anySatisfy(event -> {
            assertThat(event.type()).isEqualTo("io.respawn.service.unhealthy.v1");
            assertThat(event.detail()).isEqualTo(why);
        });
    }

    @Test
    void showsWhatItSaysAsLongAsItLives() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        int batches = machine.batches.size();
        // when
        machine.feed(new StatusTold(WEB_0, 1, "reads its files"));
        // then: nothing of it is written
        assertThat(machine.state.standing().status(machine.web())).isEqualTo("reads its files");
        assertThat(machine.batches).hasSize(batches);
        machine.feed(new StatusTold(WEB_0, 1, ""));
        assertThat(machine.state.standing().status(machine.web())).isEmpty();
        machine.feed(new StatusTold(WEB_0, 1, "on its way out"));
        machine.feed(new Event.ProcessExited(WEB_0, 1, new io.respawn.model.ExitStatus.Exited(1), 0));
        assertThat(machine.state.standing().status(machine.web())).isEmpty();
    }

    @Test
    void givesMoreTimeToStartThoughNotForEver() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        Instant first = machine.now.plus(TIMEOUT);
        machine.pass(Duration.ofSeconds(20));
        // when: less than there is, more, and far too much
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofSeconds(5)));
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofSeconds(60)));
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofDays(100_000)));
        machine.pass(Duration.ofMinutes(59));
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofMinutes(30)));
        // then
        assertThat(armed(machine, Purpose.START_TIMEOUT))
                .containsExactly(
                        first,
                        first.plusSeconds(50),
                        first.plusSeconds(50 + 3540),
                        first.plus(SelfReport.LONGEST_EXTENSION));
        // and not any more once it is ready
        up(machine);
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofSeconds(60)));
        assertThat(armed(machine, Purpose.START_TIMEOUT)).hasSize(4);
    }

    @Test
    void countsTimeThatWasAskedForBeforeTheNewsOfTheStart() {
        // given
        Machines machine = machine(NOTIFIES, false);
        // when
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofSeconds(90)));
        machine.feed(new ProcessSpawned(WEB_0, 1, Machines.process(7)));
        // then
        assertThat(armed(machine, Purpose.START_TIMEOUT)).containsExactly(machine.now.plusSeconds(90));
    }

    @Test
    void givesMoreTimeToStopThoughNotForEver() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        machine.order(Action.STOP, WEB);
        Instant first = machine.now.plusSeconds(10);
        // when
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofSeconds(3)));
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofSeconds(40)));
        machine.pass(Duration.ofMinutes(50));
        machine.feed(new TimeoutExtended(WEB_0, 1, Duration.ofMinutes(30)));
        // then
        assertThat(armed(machine, Purpose.GRACE))
                .containsExactly(first, first.plusSeconds(30), first.plus(SelfReport.LONGEST_EXTENSION));
    }

    @Test
    void keepsAnAdoptedProcessReadyThatHadSaidSo() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        up(machine);
        // when
        Machines next = adopted(machine, NOTIFIES, false);
        // then: and its watchdog goes on
        assertThat(isReady(next)).isTrue();
        assertThat(probesStarted(next)).isOne();
    }

    @Test
    void asksAnAdoptedProcessThatHadSaidSoByItsProbe() {
        // given: it had come up, and its probe had not said yes
        Machines machine = spawned(PRINTS, true);
        up(machine);
        // when
        Machines next = adopted(machine, PRINTS, true);
        // then
        assertThat(probesStarted(next)).isOne();
        next.feed(new ReadinessChanged(WEB_0, 1, true, ""));
        assertThat(isReady(next)).isTrue();
    }

    @Test
    void waitsAnewForAnAdoptedProcessThatHadNotSaidSo() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        // when
        Machines next = adopted(machine, NOTIFIES, false);
        // then
        assertThat(isReady(next)).isFalse();
        assertThat(armed(next, Purpose.START_TIMEOUT)).containsExactly(next.now.plus(TIMEOUT));
        up(next);
        assertThat(isReady(next)).isTrue();
    }

    @Test
    void doesNotWaitForAWordThatIsNotDeclaredAnyMore() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        // when
        Machines next = adopted(machine, StartPolicy.DEFAULT, false);
        // then
        assertThat(isReady(next)).isTrue();
    }

    private static Machines adopted(Machines before, StartPolicy start, boolean probed) {
        Machines next = before.nextLife(spec(start, probed));
        Found found = new Found(WEB_0, 1, Machines.process(7), Optional.empty());
        next.feed(new Event.SidecarStarted(Machines.HOST, List.of(found), List.of(), false, false));
        return next;
    }

    @Test
    void aHandoverIsNeitherAnExitNorAStart() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        up(machine);
        Instance before = machine.web();
        // when
        machine.feed(new HandedOver(WEB_0, 1, Machines.process(8)));
        machine.feed(new HandedOver(WEB_0, 1, Machines.process(8)));
        // then
        InstanceState.Ready ready = (InstanceState.Ready) before.state();
        assertThat(machine.web()).isEqualTo(before.in(ready.with(Machines.process(8))));
        assertThat(machine.events)
                .filteredOn(event -> event.type().contains("handed-over"))
                .singleElement()
                .satisfies(event -> assertThat(event.detail()).isEqualTo("pid 7 to pid 8"));
    }

    @Test
    void aHandoverOfAnEarlierIncarnationIsLate() {
        // given
        Machines machine = spawned(NOTIFIES, false);
        Instance before = machine.web();
        // when
        machine.feed(new HandedOver(WEB_0, 0, Machines.process(8)));
        // then
        assertThat(machine.web()).isEqualTo(before);
    }
}
