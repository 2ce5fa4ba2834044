package io.respawn.core;

import static io.respawn.core.Machines.DB;
import static io.respawn.core.Machines.DB_0;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.InstanceState.Ready;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.Budget;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.IntentId;
import io.respawn.model.IntentLimits;
import io.respawn.model.Plan;
import io.respawn.model.Rate;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import io.respawn.testing.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ordered restarts wait for their permits before anything is touched, the important ones in front. */
class RationsTest {

    /** One order in ten seconds, one at a time. */
    private static final Budget ONE = new Budget(1, Duration.ofSeconds(10), 1, 8);

    private int orders;

    private static Machines running(Budget budget, ServiceSpec... specs) {
        Machines machine = new Machines(budget, specs).started();
        spawned(machine);
        return machine;
    }

    private static void spawned(Machines machine) {
        for (Service service : machine.state.services().values()) {
            for (Instance instance : service.instances()) {
                if (instance.state() instanceof InstanceState.Starting) {
                    machine.feed(new Event.ProcessSpawned(
                            instance.id(), instance.incarnation(), process(100 + (int) instance.incarnation())));
                }
            }
        }
    }

    private static Command command(IntentId id, ServiceName service, int priority, boolean force, WaitFor until) {
        return Commands.of(id, Action.RESTART, service)
                .priority(priority)
                .force(force)
                .waitFor(until)
                .made();
    }

    private IntentId restart(Machines machine, ServiceName service, int priority, boolean force) {
        IntentId id = new IntentId("restart-" + orders++);
        machine.feed(
                new Event.CommandReceived(command(id, service, priority, force, WaitFor.STARTED), Optional.empty()));
        return id;
    }

    private static void end(Machines machine, ServiceName service) {
        Instance instance = machine.state.service(service).orElseThrow().instance(0);
        machine.feed(
                new Event.ProcessExited(instance.id(), instance.incarnation(), new ExitStatus.Signalled(15, false), 0));
        spawned(machine);
    }

    private static void permitsCome(Machines machine, Duration after) {
        machine.pass(after);
        machine.feed(new Event.TimerFired(new TimerKey.OrderRelease()));
    }

    @Test
    void whatWaitsForAPermitRunsOnMeanwhile() {
        // given
        Machines machine = running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        restart(machine, DB, 0, false);
        end(machine, DB);
        // when
        IntentId order = restart(machine, WEB, 0, false);
        // then
        assertThat(machine.web().state()).isInstanceOf(Ready.class);
        QueuePlace place = machine.state.orders(machine.now).get(order);
        assertThat(place.position()).isEqualTo(1);
        assertThat(place.eta()).hasValue(machine.now.plusSeconds(10));
        permitsCome(machine, Duration.ofSeconds(10));
        assertThat(machine.web().state()).isInstanceOf(Terminating.class);
        end(machine, WEB);
        assertThat(machine.outcome(order)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void theImportantOneGoesFirstAndNobodyOvertakesIt() {
        // given
        ServiceName third = new ServiceName("third");
        Machines machine =
                running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false), Machines.spec(third, false));
        restart(machine, third, 0, false);
        restart(machine, DB, 0, false);
        restart(machine, WEB, 5, false);
        // when
        permitsCome(machine, Duration.ofSeconds(10));
        // then
        assertThat(machine.web().state()).isInstanceOf(Terminating.class);
        assertThat(machine.state.instance(DB_0).orElseThrow().state()).isInstanceOf(Ready.class);
        permitsCome(machine, Duration.ofSeconds(10));
        assertThat(machine.state.instance(DB_0).orElseThrow().state()).isInstanceOf(Terminating.class);
    }

    @Test
    void forceAsksNoBudgetAndSaysSo() {
        // given
        Machines machine = running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        restart(machine, DB, 0, false);
        // when
        restart(machine, WEB, 0, true);
        // then
        assertThat(machine.web().state()).isInstanceOf(Terminating.class);
        assertThat(machine.events)
                .filteredOn(event -> event.type().equals("io.respawn.intent.started.v1"))
                .last()
                .extracting(PublicEvent::detail)
                .isEqualTo("forced: no budget was asked");
        // and the next one waits no longer for that
        assertThat(machine.state.ledger().limiters().get("ordered")).isEqualTo(machine.now.plusSeconds(10));
    }

    @Test
    void aServiceHasARateOfItsOwnAndDoesNotHoldUpOthers() {
        // given
        RestartPolicy any = Machines.spec(WEB, false).restart();
        ServiceSpec rare = Machines.spec(WEB, false)
                .with(new RestartPolicy(
                        any.mode(),
                        any.successExitCodes(),
                        any.rules(),
                        any.backoff(),
                        any.limit(),
                        any.scope(),
                        Optional.of(new Rate(1, Duration.ofHours(1), 1))));
        Machines machine = running(new Budget(1000, Duration.ofSeconds(1), 1000, 8), rare, Machines.spec(DB, false));
        restart(machine, WEB, 0, false);
        end(machine, WEB);
        // when
        IntentId second = restart(machine, WEB, 50, false);
        restart(machine, DB, 0, false);
        // then
        assertThat(machine.web().state()).isInstanceOf(Ready.class);
        assertThat(machine.state.instance(DB_0).orElseThrow().state()).isInstanceOf(Terminating.class);
        permitsCome(machine, Duration.ofHours(1));
        end(machine, WEB);
        assertThat(machine.outcome(second)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void aNewLifeGoesOnWithTheSameLimiters() {
        // given
        Machines machine = running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        restart(machine, DB, 0, false);
        end(machine, DB);
        IntentId order = restart(machine, WEB, 0, false);
        // when
        Machines next = machine.nextLife(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        next.pass(Duration.ofSeconds(4));
        next.started();
        // then
        assertThat(next.state.orders(next.now).get(order).eta()).hasValue(next.now.plusSeconds(6));
    }

    @Test
    void aClockThatWasSetBackMakesNobodyWaitForLongerThanABurst() {
        // given
        Machines machine = running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        restart(machine, DB, 0, false);
        end(machine, DB);
        // when
        machine.pass(Duration.ofDays(-3));
        IntentId order = restart(machine, WEB, 0, false);
        // then
        assertThat(machine.state.orders(machine.now).get(order).eta()).hasValue(machine.now.plusSeconds(10));
    }

    @Test
    void restartsThatWaitTogetherAreCarriedOutTogether() {
        // given: all wait for one permit
        Machines machine = running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        restart(machine, DB, 0, false);
        List<IntentId> together = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            together.add(restart(machine, WEB, 0, false));
        }
        // when
        permitsCome(machine, Duration.ofSeconds(10));
        IntentId late = restart(machine, WEB, 0, false);
        end(machine, WEB);
        // then: one did it, the others name it, and the one that came later has its own turn
        assertThat(machine.outcome(together.getFirst())).isEqualTo(Outcome.SUCCEEDED);
        assertThat(together.subList(1, 5))
                .allSatisfy(id -> assertThat(machine.outcome(id)).isEqualTo(Outcome.COALESCED));
        assertThat(machine.events)
                .filteredOn(event -> event.type().equals("io.respawn.intent.coalesced.v1"))
                .hasSize(4)
                .allSatisfy(event -> assertThat(event.detail())
                        .isEqualTo("carried out by " + together.getFirst() + ": incarnation 2"))
                .allSatisfy(event -> assertThat(event.incarnationAfter()).hasValue(2));
        assertThat(machine.state.intent(together.getLast()).orElseThrow().phase())
                .isInstanceOfSatisfying(
                        Intent.Ended.class, ended -> assertThat(ended.by()).contains(together.getFirst()));
        assertThat(machine.state.intent(late).orElseThrow().isOpen()).isTrue();
        assertThat(machine.web().incarnation()).isEqualTo(2);
    }

    @Test
    void aForcedOneDoesNotWaitBehindThoseThatDoAndCarriesThemOut() {
        // given
        Machines machine = running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        restart(machine, DB, 0, false);
        IntentId waiting = restart(machine, WEB, 0, false);
        // when
        IntentId forced = restart(machine, WEB, 0, true);
        end(machine, WEB);
        // then
        assertThat(machine.outcome(forced)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.outcome(waiting)).isEqualTo(Outcome.COALESCED);
    }

    @Test
    void whoRodeAlongHasItsOwnTurnWhenTheFirstFails() {
        // given
        Machines machine = running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        restart(machine, DB, 0, false);
        IntentId first = restart(machine, WEB, 0, false);
        IntentId second = restart(machine, WEB, 0, false);
        permitsCome(machine, Duration.ofSeconds(10));
        // when: the replacement cannot be spawned
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        machine.feed(new Event.SpawnFailed(WEB_0, 2, "no such file"));
        // then
        assertThat(machine.outcome(first)).isEqualTo(Outcome.FAILED);
        assertThat(machine.state.intent(second).orElseThrow().phase()).isInstanceOf(Intent.Pending.class);
        permitsCome(machine, Duration.ofSeconds(10));
        spawned(machine);
        assertThat(machine.outcome(second)).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void aStopOvertakesWhatWaitsForAPermit() {
        // given
        Machines machine = running(ONE, Machines.spec(WEB, false), Machines.spec(DB, false));
        restart(machine, DB, 0, false);
        IntentId waiting = restart(machine, WEB, 0, false);
        // when
        machine.order(Action.STOP, WEB);
        // then
        assertThat(machine.outcome(waiting)).isEqualTo(Outcome.CANCELLED);
        assertThat(machine.effects).contains(new Effect.SendSignal(WEB_0, 1, Signal.TERM));
    }

    @Test
    void tooManyOrdersAreRefusedInWordsAndAStopIsNot() {
        // given: room for three
        Plan plan = new Plan(
                new io.respawn.model.SidecarId("sim"),
                java.util.Map.of(),
                ONE,
                new IntentLimits(3, 1 << 20, 100, Duration.ofHours(1)),
                new java.util.TreeMap<>(java.util.Map.of(WEB, Machines.spec(WEB, false))));
        Machines machine = new Machines(plan).started();
        spawned(machine);
        restart(machine, WEB, 0, false);
        restart(machine, WEB, 1, false);
        restart(machine, WEB, 2, false);
        // when
        IntentId surplus = restart(machine, WEB, 0, false);
        // then
        assertThat(machine.outcome(surplus)).isEqualTo(Outcome.REJECTED);
        assertThat(machine.events.getLast().detail())
                .startsWith("Cannot take this order, buffer-full: 3 orders wait already")
                .contains("respawn.intents.open-count");
        assertThat(machine.outcome(machine.order(Action.PING, WEB))).isEqualTo(Outcome.SUCCEEDED);
        machine.order(Action.STOP, WEB);
        assertThat(machine.state.open().count()).isLessThanOrEqualTo(3);
    }
}
