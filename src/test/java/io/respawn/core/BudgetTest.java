package io.respawn.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Backoff;
import io.respawn.model.Budget;
import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BudgetTest {

    private static final Backoff AT_ONCE = new Backoff(Duration.ZERO, 1.0, Duration.ZERO, 0.0, Duration.ofSeconds(30));
    private static final RestartPolicy ALWAYS = new RestartPolicy(RestartPolicy.Mode.ALWAYS, Set.of(0), AT_ONCE);

    private static ServiceSpec[] services(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Machines.with(
                        Machines.spec(new ServiceName("s" + i), false), ALWAYS, i % 3 == 0 ? 10 : 0, false))
                .toArray(ServiceSpec[]::new);
    }

    @Test
    void manySimultaneousFailuresAreReleasedAtTheRateByPriorityAndNoneIsForgotten() {
        // given 500 running services and a budget of 10 per second without a burst
        Machines machine = new Machines(new Budget(10, Duration.ofSeconds(1), 1, 1000), services(500)).started();
        spawned(machine);
        Instant begin = machine.now;
        // when all end at once
        List.copyOf(machine.state.services().values())
                .forEach(service -> machine.feed(
                        new Event.ProcessExited(service.instance(0).id(), 1, new ExitStatus.Signalled(9, false), 0)));
        List<ServiceName> order = new ArrayList<>(spawned(machine));
        while (order.size() < 500) {
            machine.now = nextRelease(machine);
            machine.feed(new Event.TimerFired(new TimerKey.BudgetRelease()));
            order.addAll(spawned(machine));
        }
        // then
        assertThat(new HashSet<>(order)).hasSize(500);
        double seconds = Duration.between(begin, machine.now).toMillis() / 1000.0;
        assertThat(499 / seconds).isBetween(9.5, 10.5);
        // The first that ended could not know of more important ones; all others go by priority.
        assertThat(order.subList(1, 167))
                .allMatch(name -> Integer.parseInt(name.value().substring(1)) % 3 == 0);
    }

    @Test
    void theQueueTellsPositionAndTime() {
        // given
        Machines machine = new Machines(new Budget(10, Duration.ofSeconds(1), 1, 1000), services(4)).started();
        spawned(machine);
        // when
        List.copyOf(machine.state.services().values())
                .forEach(service -> machine.feed(
                        new Event.ProcessExited(service.instance(0).id(), 1, new ExitStatus.Exited(1), 0)));
        // then
        Map<InstanceId, QueuePlace> queue = machine.state.queue(machine.now);
        assertThat(queue.get(new InstanceId(new ServiceName("s3"), 0)))
                .isEqualTo(new QueuePlace(
                        1, Optional.of(machine.now.plusMillis(100)), "number 1 in the queue of the budget"));
        assertThat(queue.get(new InstanceId(new ServiceName("s2"), 0)))
                .isEqualTo(new QueuePlace(
                        3, Optional.of(machine.now.plusMillis(300)), "number 3 in the queue of the budget"));
    }

    @Test
    void firstStartsWaitForAPlaceAmongThoseThatStart() {
        // given services that need a probe to be ready
        ServiceSpec[] probed = IntStream.range(0, 5)
                .mapToObj(i -> Machines.spec(new ServiceName("s" + i), true))
                .toArray(ServiceSpec[]::new);
        Machines machine = new Machines(new Budget(10, Duration.ofSeconds(1), 1, 2), probed).started();
        // when
        List<ServiceName> first = spawned(machine);
        machine.feed(new Event.ReadinessChanged(new InstanceId(first.getFirst(), 0), 1, true, ""));
        // then
        assertThat(first).hasSize(2);
        assertThat(spawned(machine)).hasSize(1);
    }

    @Test
    void theBudgetsStateIsInTheLedger() {
        // given
        Machines machine = new Machines(new Budget(1, Duration.ofSeconds(10), 1, 10), services(2)).started();
        spawned(machine);
        InstanceId first = new InstanceId(new ServiceName("s0"), 0);
        // when
        machine.feed(new Event.ProcessExited(first, 1, new ExitStatus.Exited(1), 0));
        // then
        Ledger recorded = machine.batches.getLast().ledger();
        assertThat(recorded.limiters()).containsEntry("crash", machine.now.plusSeconds(10));
    }

    /** Answers all spawns that were asked for, and says for whom they were. */
    private static List<ServiceName> spawned(Machines machine) {
        List<ServiceName> names = new ArrayList<>();
        List<Effect.Spawn> spawns = machine.effects.stream()
                .filter(Effect.Spawn.class::isInstance)
                .map(Effect.Spawn.class::cast)
                .toList();
        machine.effects.removeIf(Effect.Spawn.class::isInstance);
        for (Effect.Spawn spawn : spawns) {
            names.add(spawn.instance().service());
            int pid = 1000 + (int) spawn.incarnation() * 10_000 + names.size();
            machine.feed(new Event.ProcessSpawned(spawn.instance(), spawn.incarnation(), Machines.process(pid)));
        }
        return names;
    }

    private static Instant nextRelease(Machines machine) {
        return machine.effects.stream()
                .filter(Effect.ArmTimer.class::isInstance)
                .map(Effect.ArmTimer.class::cast)
                .filter(arm -> arm.key() instanceof TimerKey.BudgetRelease)
                .reduce((a, b) -> b)
                .orElseThrow()
                .deadline();
    }
}
