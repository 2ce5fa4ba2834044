package io.respawn.core;

import static io.respawn.core.Machines.HOST;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.Backoff;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.IntentId;
import io.respawn.model.IntentLimits;
import io.respawn.model.Plan;
import io.respawn.model.Program;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Schedule;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an order of the clock does, and what it does not do though anybody else's would. */
final class ScheduledTest {

    private static final Instant PLANNED = Instant.parse("2026-01-01T03:00:00Z");
    private static final ServiceSpec WEB_SPEC = Machines.spec(WEB, false)
            .with(schedule(Optional.of(new Timetable("0 3 * * *")), Optional.empty(), Schedule.Overlap.SKIP));

    private static Schedule schedule(Optional<Timetable> restart, Optional<Timetable> run, Schedule.Overlap overlap) {
        return new Schedule(
                restart,
                run,
                "UTC",
                Duration.ZERO,
                overlap,
                Schedule.Missed.SKIP,
                Duration.ofMinutes(1),
                Optional.empty(),
                Duration.ZERO);
    }

    private static ServiceSpec job(Schedule.Overlap overlap) {
        return Machines.spec(WEB, false)
                .with(new RestartPolicy(RestartPolicy.Mode.ON_FAILURE, Set.of(0), Backoff.DEFAULT))
                .with(schedule(Optional.empty(), Optional.of(new Timetable("0 3 * * *")), overlap));
    }

    private static IntentId ordered(Machines machine, Action action, int hour) {
        IntentId id = PlannedRun.id(WEB, PLANNED.plus(Duration.ofHours(hour)));
        machine.feed(new Event.CommandReceived(
                Command.of(id, PlannedRun.SOURCE, action, Optional.of(WEB)), Optional.empty()));
        return id;
    }

    private static Event exited(long incarnation, int code) {
        return new Event.ProcessExited(WEB_0, incarnation, new ExitStatus.Exited(code), 0);
    }

    @Test
    void anIdSaysForWhichServiceAndTime() {
        // given
        Machines machine = new Machines(WEB_SPEC).started();

        // when
        Intent intent =
                machine.state.intent(ordered(machine, Action.RESTART, 0)).orElseThrow();

        // then
        assertThat(intent.id().value()).isEqualTo("schedule/web/2026-01-01T03:00:00Z");
        assertThat(PlannedRun.time(intent)).contains(PLANNED);
        assertThat(PlannedRun.begin(WEB, PLANNED).value()).isEqualTo("schedule/web/begin/2026-01-01T03:00:00Z");
        assertThat(PlannedRun.ofAge(WEB_0, PLANNED).value()).isEqualTo("schedule/web/2026-01-01T03:00:00Z/0");
    }

    @Test
    void itReplacesWhatRunsOnceHoweverOftenItIsGiven() {
        // given
        Machines machine = new Machines(WEB_SPEC).started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(11)));

        // when
        IntentId order = ordered(machine, Action.RESTART, 0);
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(12)));
        ordered(machine, Action.RESTART, 0);

        // then
        assertThat(machine.outcome(order)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.web().incarnation()).isEqualTo(2);
        assertThat(machine.web().isReady()).isTrue();
    }

    @Test
    void itStartsNothingThatWasStoppedOrDoesNotRun() {
        // given
        Machines machine = new Machines(WEB_SPEC).started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(11)));
        machine.feed(exited(1, 1));
        assertThat(machine.web().state()).isInstanceOf(InstanceState.BackingOff.class);

        // then
        assertThat(machine.detail(ordered(machine, Action.RESTART, 0))).isEqualTo("skipped: it does not run");

        // when
        machine.order(Action.STOP, WEB);

        // then
        IntentId order = ordered(machine, Action.RESTART, 1);
        assertThat(machine.outcome(order)).isEqualTo(Outcome.CANCELLED);
        assertThat(machine.detail(order)).startsWith("skipped: it is stopped by stop-0");
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Stopped.class);
    }

    @Test
    void aJobWaitsForItsTimeInEachLifeAndARunSurvivesThem() {
        // given
        ServiceSpec job = job(Schedule.Overlap.SKIP);
        Machines machine = new Machines(job).started();
        assertThat(machine.web().state()).isInstanceOf(InstanceState.Stopped.class);
        IntentId order = ordered(machine, Action.START, 0);
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(11)));
        assertThat(machine.outcome(order)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.state.service(WEB).orElseThrow().handSet()).isFalse();

        // when
        Machines next = machine.nextLife(job);
        next.feed(new Event.SidecarStarted(
                HOST, List.of(new Event.Found(WEB_0, 1, process(11), Optional.of(order))), List.of(), false, false));
        ordered(next, Action.START, 0);

        // then
        assertThat(next.web().isReady()).isTrue();
        assertThat(next.web().incarnation()).isEqualTo(1);

        // when
        next.feed(exited(1, 0));
        Machines last = next.nextLife(job);
        last.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), false, false));

        // then
        assertThat(last.web().state()).isInstanceOf(InstanceState.Completed.class);
        assertThat(last.effects).noneMatch(effect -> effect instanceof Effect.Spawn);
    }

    @Test
    void aRunGoesOnWhileItIsTriedAgainAndOneWaitsForItOverACrash() {
        // given
        ServiceSpec job = job(Schedule.Overlap.QUEUE);
        Machines machine = new Machines(job).started();
        ordered(machine, Action.START, 0);
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(11)));
        machine.feed(exited(1, 1));

        // when
        IntentId waiting = ordered(machine, Action.START, 1);
        IntentId third = ordered(machine, Action.START, 2);

        // then
        assertThat(machine.state.intent(waiting).orElseThrow().isOpen()).isTrue();
        assertThat(machine.outcome(third)).isEqualTo(Outcome.COALESCED);

        // when
        Machines next = machine.nextLife(job);
        next.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), false, false));
        next.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));
        next.feed(new Event.ProcessSpawned(WEB_0, 2, process(12)));
        assertThat(next.web().intent()).isEmpty();
        next.feed(exited(2, 0));
        next.feed(new Event.ProcessSpawned(WEB_0, 3, process(13)));

        // then
        assertThat(next.outcome(waiting)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(next.web().intent()).contains(waiting);
    }

    @Test
    void aRunThatIsCutOffByTheEndOfTheSidecarIsNotBegunAgain() {
        // given
        ServiceSpec job = job(Schedule.Overlap.SKIP);
        Machines machine = new Machines(job).started();
        ordered(machine, Action.START, 0);
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(11)));
        machine.feed(new Event.ShutdownRequested("SIGTERM", false));

        // when the sidecar is killed before the job has ended
        Machines next = machine.nextLife(job);
        next.feed(new Event.SidecarStarted(
                HOST, List.of(new Event.Found(WEB_0, 1, process(11), Optional.empty())), List.of(), false, false));
        next.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));

        // then
        assertThat(next.web().state()).isInstanceOf(InstanceState.Stopped.class);
        assertThat(next.effects).noneMatch(effect -> effect instanceof Effect.Spawn);
    }

    @Test
    void aChangeOfAScheduleRestartsNothingNorDoesAnotherCommandOfAJob() {
        ServiceSpec plain = Machines.spec(WEB, false);
        ServiceSpec job = job(Schedule.Overlap.SKIP);
        assertThat(PlanDiff.of(plan(plain), plan(WEB_SPEC)).services())
                .containsExactly(new PlanDiff.Change(WEB, PlanDiff.Kind.UPDATE, List.of("schedule")));
        assertThat(PlanDiff.of(plan(job), plan(job.with(new Program(List.of("/bin/another")))))
                        .services())
                .containsExactly(new PlanDiff.Change(WEB, PlanDiff.Kind.UPDATE, List.of("command")));
    }

    private static Plan plan(ServiceSpec spec) {
        return new Plan(new SidecarId("sim"), Map.of(), new TreeMap<>(Map.of(spec.name(), spec)));
    }

    @Test
    void theLastOfASchedulesOrdersAreRememberedHoweverLongAgoTheyWere() {
        // given
        Machines machine = new Machines(job(Schedule.Overlap.SKIP)).started();
        IntentId begin = PlannedRun.begin(WEB, PLANNED);
        machine.feed(new Event.CommandReceived(
                Command.of(begin, PlannedRun.SOURCE, Action.PING, Optional.of(WEB)), Optional.empty()));
        for (int hour = 0; hour < History.RUNS + 2; hour++) {
            ordered(machine, Action.START, hour);
        }
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(11)));

        // when
        machine.now = machine.now.plus(IntentLimits.DEFAULT.endedAge()).plusSeconds(1);
        machine.feed(new Event.TimerFired(new TimerKey.Forgetting()));

        // then
        assertThat(machine.state.intents().keySet())
                .extracting(IntentId::value)
                .containsExactly(
                        "schedule/web/begin/2026-01-01T03:00:00Z",
                        "schedule/web/2026-01-01T05:00:00Z",
                        "schedule/web/2026-01-01T06:00:00Z",
                        "schedule/web/2026-01-01T07:00:00Z",
                        "schedule/web/2026-01-01T08:00:00Z",
                        "schedule/web/2026-01-01T09:00:00Z");
    }
}
