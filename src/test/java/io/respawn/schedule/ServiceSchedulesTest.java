package io.respawn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.respawn.core.Intent;
import io.respawn.edges.FakeSupervision;
import io.respawn.edges.Samples;
import io.respawn.model.Command;
import io.respawn.model.Plan;
import io.respawn.model.Schedule;
import io.respawn.supervise.Durability;
import io.respawn.supervise.PlanInForce;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The thread that follows the schedules. */
final class ServiceSchedulesTest {

    private final FakeSupervision supervision = new FakeSupervision();
    private final List<Command> orders = new CopyOnWriteArrayList<>();

    /** A plan that cannot be looked at a few times. */
    private record Scarce(Plan plan, AtomicInteger looks) implements PlanInForce {
        @Override
        public Plan plan() {
            int look = looks.incrementAndGet();
            if (look > 1 && look < 5) {
                throw new OutOfMemoryError("made up");
            }
            return plan;
        }

        @Override
        public void onChange(Runnable news) {}
    }

    @Test
    void goesOnWhenMemoryHadGivenOut() {
        // given
        ScheduledHost host = new ScheduledHost(
                Instant.now(),
                AgendaTest.job(AgendaTest.schedule("every 1h", Schedule.Missed.SKIP, Schedule.Overlap.SKIP)));
        supervision.is(host.snapshot());
        supervision.onSubmit(this::take, Durability.LOCAL);
        ServiceSchedules schedules =
                new ServiceSchedules(supervision, new Scarce(host.snapshot().plan(), new AtomicInteger()));

        // when
        schedules.begin(new StartupEvent());

        // then
        await().untilAsserted(() -> assertThat(orders).isNotEmpty());
        assertThat(orders.getFirst().id().value()).startsWith("schedule/job/");
        assertThat(supervision.statistics().outOfMemoryCount()).isEqualTo(3);
        schedules.end(new ShutdownEvent());
    }

    private Intent take(Command command) {
        orders.add(command);
        return Samples.intent(command, 1, Samples.ended(Intent.Outcome.SUCCEEDED, ""));
    }
}
