package io.respawn.schedule;

import static io.respawn.schedule.ScheduledHost.JOB;
import static io.respawn.schedule.ScheduledHost.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Action;
import io.respawn.model.Backoff;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Schedule;
import io.respawn.model.Schedule.Missed;
import io.respawn.model.Schedule.Overlap;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A planned time is carried out once, or skipped by a rule that says so, whatever clocks, images and hosts do. */
final class AgendaTest {

    private static final Instant NOON = Instant.parse("2026-03-27T11:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final String NIGHTLY = "30 2 * * *";

    static Schedule schedule(String run, Missed missed, Overlap overlap) {
        return new Schedule(
                Optional.empty(),
                Optional.of(new Timetable(run)),
                "Europe/Berlin",
                Duration.ZERO,
                overlap,
                missed,
                Duration.ofMinutes(1),
                Optional.empty(),
                Duration.ZERO);
    }

    static ServiceSpec job(Schedule schedule) {
        return ServiceSpec.of(JOB, List.of("/bin/job"))
                .with(new RestartPolicy(RestartPolicy.Mode.NEVER, Set.of(0), Backoff.DEFAULT))
                .with(schedule);
    }

    private static ScheduledHost nightly(Missed missed) {
        return new ScheduledHost(NOON, job(schedule(NIGHTLY, missed, Overlap.SKIP)));
    }

    private static void night(ScheduledHost host) {
        host.pass(DAY);
        if (host.isRunning(JOB)) {
            host.exit(JOB, 0);
        }
    }

    @Test
    void aJobRunsAtItsTimesAndNotWhenTheSidecarStarts() {
        // given
        ScheduledHost host = nightly(Missed.SKIP);
        assertThat(host.isRunning(JOB)).isFalse();

        // when the second night has a gap where its time would be
        night(host);
        night(host);
        night(host);

        // then
        assertThat(host.runs())
                .containsExactly(
                        "schedule/job/2026-03-28T01:30:00Z",
                        "schedule/job/2026-03-29T01:00:00Z",
                        "schedule/job/2026-03-30T00:30:00Z");
        assertThat(host.reason(JOB, "2026-03-28T01:30:00Z")).isEqualTo("planned for 2026-03-28T01:30:00Z");
    }

    @Test
    void aTimeThatTheClockJumpsOverIsSkippedAndSaidSo() {
        // given
        ScheduledHost host = nightly(Missed.SKIP);
        host.pass(Duration.ofHours(1));

        // when
        host.set(Instant.parse("2026-03-28T06:30:00Z"));
        host.pass(Duration.ofHours(1));

        // then
        assertThat(host.runs()).isEmpty();
        assertThat(host.outcome(JOB, "2026-03-28T01:30:00Z")).startsWith("expired: ");
        assertThat(host.reason(JOB, "2026-03-28T01:30:00Z"))
                .isEqualTo("planned for 2026-03-28T01:30:00Z, missed by 5h, skipped");
        assertThat(host.planned()).hasSize(1);
    }

    @Test
    void aTimeThatTheClockJumpsOverIsMadeUpForOnceIfThatIsTheRule() {
        // given
        ScheduledHost host = nightly(Missed.ONCE);
        host.pass(Duration.ofHours(1));

        // when
        host.set(Instant.parse("2026-03-30T06:30:00Z"));
        host.pass(Duration.ofHours(1));

        // then
        assertThat(host.runs()).containsExactly("schedule/job/2026-03-30T00:30:00Z");
        assertThat(host.reason(JOB, "2026-03-30T00:30:00Z"))
                .isEqualTo("planned for 2026-03-30T00:30:00Z, the last of several, missed by 6h, made up for");
    }

    @Test
    void aTimeThatComesTwiceOnAClockThatIsSetBackIsCarriedOutOnce() {
        for (Missed rule : Missed.values()) {
            // given
            ScheduledHost host = nightly(rule);
            night(host);

            // when
            host.set(Instant.parse("2026-03-28T00:00:00Z"));
            night(host);
            night(host);

            // then
            assertThat(host.runs())
                    .containsExactly("schedule/job/2026-03-28T01:30:00Z", "schedule/job/2026-03-29T01:00:00Z");
            assertThat(host.planned()).hasSize(2);
        }
    }

    @Test
    void aClockThatWasWrongByDecadesDoesNotEndTheSchedule() {
        // given
        ScheduledHost host = nightly(Missed.ONCE);
        night(host);
        host.set(Instant.parse("2099-01-01T12:00:00Z"));
        night(host);
        for (int i = 0; i < 9; i++) {
            night(host);
        }
        int before = host.runs().size();

        // when it is set right, in another life, and most is forgotten
        host.forget();
        host.passWithoutSidecar(Duration.ofMinutes(1));
        host.set(Instant.parse("2026-03-29T11:00:00Z"));
        night(host);
        night(host);

        // then
        assertThat(host.runs().subList(before, host.runs().size()))
                .containsExactly("schedule/job/2026-03-30T00:30:00Z", "schedule/job/2026-03-31T00:30:00Z");
    }

    @Test
    void afterAnOutageTheLastTimeIsSkippedOrMadeUpForByRule() {
        for (Missed rule : Missed.values()) {
            // given
            ScheduledHost host = nightly(rule);
            night(host);

            // when
            host.passWithoutSidecar(DAY.multipliedBy(3));
            host.pass(Duration.ofHours(1));

            // then
            assertThat(host.planned())
                    .containsExactly("schedule/job/2026-03-28T01:30:00Z", "schedule/job/2026-03-31T00:30:00Z");
            assertThat(host.runs()).hasSize(rule == Missed.ONCE ? 2 : 1);
            assertThat(host.reason(JOB, "2026-03-31T00:30:00Z")).contains("the last of several, missed by 10h30m");
        }
    }

    @Test
    void aTimeThatFallsIntoARespawnIsCarriedOutOnceBehindIt() {
        // given
        ScheduledHost host = nightly(Missed.SKIP);
        host.pass(Duration.ofHours(1));
        host.set(Instant.parse("2026-03-28T01:29:59Z"));
        host.pass(Duration.ZERO);

        // when
        host.respawn(Duration.ofSeconds(3));
        host.pass(Duration.ofSeconds(1));
        host.respawn(Duration.ofSeconds(3));
        host.pass(Duration.ofSeconds(1));
        host.passWithoutSidecar(Duration.ofSeconds(3));
        host.pass(Duration.ofSeconds(1));

        // then
        assertThat(host.runs()).containsExactly("schedule/job/2026-03-28T01:30:00Z");
        assertThat(host.isRunning(JOB)).isTrue();
    }

    @Test
    void aNewTimetableCountsFromThenOnAndRestartsNothing() {
        // given
        ScheduledHost host = nightly(Missed.ONCE);
        night(host);

        // when its time today is over already
        host.reload(job(schedule("0 9 * * *", Missed.ONCE, Overlap.SKIP)));
        host.pass(Duration.ofHours(1));

        // then
        assertThat(host.runs()).hasSize(1);

        // when
        night(host);
        host.reload(job(Schedule.DEFAULT).with(RestartPolicy.DEFAULT));
        int before = host.runs().size();
        night(host);

        // then
        assertThat(host.runs()).hasSize(before).contains("schedule/job/2026-03-29T07:00:00Z");
    }

    @Test
    void whatIsStoppedByHandStaysSoAndItsScheduleRests() {
        // given
        ScheduledHost host = nightly(Missed.ONCE);
        night(host);
        host.order(Action.STOP, JOB);

        // when
        night(host);

        // then
        assertThat(host.runs()).hasSize(1);
        assertThat(host.outcome(JOB, "2026-03-29T01:00:00Z"))
                .isEqualTo("cancelled: skipped: it is stopped by op; its schedule rests until it is started");

        // when
        host.order(Action.START, JOB);
        host.exit(JOB, 0);
        night(host);

        // then
        assertThat(host.runs()).hasSize(2);
    }

    @Test
    void aRunThatLastsIsLeftAloneOrFollowedByOneOrReplaced() {
        // when
        ScheduledHost skipping = lasting(Overlap.SKIP);
        ScheduledHost queueing = lasting(Overlap.QUEUE);
        ScheduledHost replacing = lasting(Overlap.REPLACE);

        // then
        assertThat(skipping.runs()).containsExactly("schedule/job/2026-03-27T11:10:00Z");
        assertThat(skipping.outcome(JOB, "2026-03-27T11:20:00Z"))
                .isEqualTo("coalesced: skipped: the run before it is not over, incarnation 1");
        assertThat(queueing.runs()).containsExactly("schedule/job/2026-03-27T11:10:00Z");
        assertThat(queueing.outcome(JOB, "2026-03-27T11:20:00Z")).isEqualTo("open");
        assertThat(queueing.outcome(JOB, "2026-03-27T11:30:00Z"))
                .isEqualTo("coalesced: carried out with schedule/job/2026-03-27T11:20:00Z, which waits already");
        assertThat(replacing.runs())
                .containsExactly(
                        "schedule/job/2026-03-27T11:10:00Z",
                        "schedule/job/2026-03-27T11:20:00Z",
                        "schedule/job/2026-03-27T11:30:00Z");

        // when
        queueing.exit(JOB, 0);

        // then
        assertThat(queueing.runs())
                .containsExactly("schedule/job/2026-03-27T11:10:00Z", "schedule/job/2026-03-27T11:20:00Z");
        assertThat(queueing.isRunning(JOB)).isTrue();
    }

    private static ScheduledHost lasting(Overlap overlap) {
        ScheduledHost host = new ScheduledHost(NOON, job(schedule("every 10m", Missed.SKIP, overlap)));
        host.pass(Duration.ofMinutes(35));
        return host;
    }

    @Test
    void aServiceIsRestartedByItsTimetableAndForItsAgeOnceAnIncarnation() {
        // given
        Schedule schedule = new Schedule(
                Optional.of(new Timetable("every 6h")),
                Optional.empty(),
                "UTC",
                Duration.ofHours(1),
                Overlap.SKIP,
                Missed.SKIP,
                Duration.ofMinutes(1),
                Optional.of(Duration.ofHours(4)),
                Duration.ofHours(1));
        ScheduledHost host =
                new ScheduledHost(NOON, ServiceSpec.of(WEB, List.of("/bin/web")).with(schedule));

        // when
        host.pass(Duration.ofHours(3));
        host.respawn(Duration.ofSeconds(1));
        host.pass(Duration.ofHours(6));
        host.passWithoutSidecar(Duration.ofSeconds(2));
        host.pass(Duration.ofHours(6));

        // then
        assertThat(host.runs()).doesNotHaveDuplicates();
        assertThat(host.runs())
                .filteredOn(id -> id.matches("schedule/web/2026-03-2\\dT(12|18|00):00:00Z"))
                .hasSize(3);
        assertThat(host.runs())
                .filteredOn(id -> id.matches("schedule/web/.*Z/0"))
                .hasSizeBetween(2, 4);
        assertThat(host.isRunning(WEB)).isTrue();
    }
}
