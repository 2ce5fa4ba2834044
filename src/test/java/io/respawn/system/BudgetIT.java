package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Backoff;
import io.respawn.model.Budget;
import io.respawn.model.InstanceId;
import io.respawn.model.Plan;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Role;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.testing.LiveCore;
import io.respawn.testing.LiveCore.Note;
import io.respawn.testing.LiveCore.What;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The budget with real processes: a pure test shows the same for the machine alone. */
class BudgetIT {

    private static final Backoff AT_ONCE = new Backoff(Duration.ZERO, 1.0, Duration.ZERO, 0.0, Duration.ofSeconds(30));
    private static final RestartPolicy ALWAYS = new RestartPolicy(RestartPolicy.Mode.ALWAYS, Set.of(0), AT_ONCE);

    private static final int BURST = 6;

    /** While the exits come in, a less important one may be all there is to release. */
    private static final Duration ARRIVING = Duration.ofMillis(500);

    @TempDir
    private Path directory;

    @Test
    void sixtyFailuresAtOnceAreReleasedAtFiveASecondByPriorityAndNoneIsForgotten() throws InterruptedException {
        failAtOnce(60, 5);
    }

    @Test
    @Tag("slow")
    void fiveHundredFailuresAtOnceAreReleasedAtTenASecondByPriorityAndNoneIsForgotten() throws InterruptedException {
        failAtOnce(500, 10);
    }

    private void failAtOnce(int services, int perSecond) throws InterruptedException {
        // given so many running services, a third of them more important, and a budget whose burst makes up for
        // releases
        // that a busy machine delays
        Budget budget = new Budget(perSecond, Duration.ofSeconds(1), BURST, 1000);
        try (LiveCore core = new LiveCore(plan(services, budget), directory)) {
            List<Note> running = core.await(What.STARTED, 1, services, Duration.ofSeconds(60));

            // when all are killed at once
            running.forEach(note -> ProcessHandle.of(note.pid()).ifPresent(ProcessHandle::destroyForcibly));

            // then all come back
            Duration longest = Duration.ofSeconds(2L * services / perSecond + 30);
            core.await(What.STARTED, 2, services, longest);
            List<Note> released = core.await(What.DECIDED, 2, services, longest);
            assertThat(released).hasSize(services);
            assertThat(new HashSet<>(released.stream().map(Note::instance).toList()))
                    .hasSize(services);

            // at the rate of the budget, once the burst has gone at once
            Note first = released.getFirst();
            Duration taken = Duration.between(first.at(), released.getLast().at());
            assertThat((services - BURST) / (taken.toMillis() / 1000.0)).isBetween(perSecond * 0.95, perSecond * 1.05);

            // and the important ones first
            List<Boolean> important = released.stream()
                    .filter(note -> Duration.between(first.at(), note.at()).compareTo(ARRIVING) > 0)
                    .map(note -> isImportant(note.instance()))
                    .toList();
            int lessImportant = important.indexOf(false);
            assertThat(important.subList(lessImportant, important.size())).containsOnly(false);
            assertThat(important.subList(0, lessImportant)).isNotEmpty();
        }
    }

    private static Plan plan(int count, Budget budget) {
        SortedMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            ServiceName name = new ServiceName("s" + i);
            int priority = isImportant(new InstanceId(name, 0)) ? 10 : 0;
            services.put(
                    name,
                    ServiceSpec.of(name, List.of("sleep", "1000"))
                            .with(ALWAYS)
                            .with(Role.DEFAULT.withPriority(priority)));
        }
        return new Plan(new SidecarId("budget"), Map.of(), budget, services);
    }

    private static boolean isImportant(InstanceId instance) {
        return Integer.parseInt(instance.service().value().substring(1)) % 3 == 0;
    }
}
