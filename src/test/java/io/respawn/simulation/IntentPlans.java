package io.respawn.simulation;

import io.respawn.model.Backoff;
import io.respawn.model.Budget;
import io.respawn.model.IntentLimits;
import io.respawn.model.Plan;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.Rate;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Role;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Makes plans in which orders meet narrow limits. */
final class IntentPlans {

    private IntentPlans() {}

    static Plan random(RandomGenerator random, boolean forgetful) {
        int count = 1 + random.nextInt(3);
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            ServiceSpec spec = service(random, i);
            services.put(spec.name(), spec);
        }
        Budget budget = random.nextInt(3) > 0
                ? new Budget(1, Duration.ofSeconds(1 + random.nextInt(5)), 1 + random.nextInt(2), 1 + random.nextInt(3))
                : new Budget(1_000, Duration.ofSeconds(1), 1_000, 8);
        IntentLimits limits = new IntentLimits(
                random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 10_000,
                64L << 10,
                forgetful ? 1 + random.nextInt(2) : 20_000,
                forgetful ? Duration.ofSeconds(1 + random.nextInt(20)) : Duration.ofHours(24));
        return new Plan(new SidecarId("sim"), Map.of(), budget, limits, services);
    }

    /** The same with limits that are wider than those that are audited. */
    static Plan wider(Plan plan, boolean rate, boolean buffer) {
        IntentLimits limits = plan.intents();
        return new Plan(
                plan.id(),
                plan.labels(),
                rate ? new Budget(1_000, Duration.ofSeconds(1), 1_000, 8) : plan.budget(),
                buffer ? new IntentLimits(10_000, limits.openBytes(), limits.endedCount(), limits.endedAge()) : limits,
                plan.services());
    }

    private static ServiceSpec service(RandomGenerator random, int i) {
        Duration delay = Duration.ofMillis(random.nextInt(3) == 0 ? 0 : random.nextInt(2_000));
        Probe probe =
                new Probe(new Probe.TcpSocket(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);
        RestartPolicy.Mode mode = random.nextInt(4) == 0 ? RestartPolicy.Mode.ON_FAILURE : RestartPolicy.Mode.ALWAYS;
        Backoff backoff = new Backoff(delay, 2.0, Duration.ofSeconds(4), 0.1, Duration.ofSeconds(20));
        Optional<Rate> rate = random.nextInt(3) == 0
                ? Optional.of(new Rate(1, Duration.ofSeconds(1 + random.nextInt(4)), 1 + random.nextInt(2)))
                : Optional.empty();
        return ServiceSpec.of(new ServiceName("s" + i), List.of("/bin/s" + i))
                .withInstances(1 + random.nextInt(2))
                .with(Role.DEFAULT.withPriority(random.nextInt(3)))
                .with(new RestartPolicy(
                        mode, Set.of(0), List.of(), backoff, Optional.empty(), RestartPolicy.Scope.SELF, rate))
                .with(new StopPolicy(List.of(new StopPolicy.Step(
                        new StopPolicy.Way.Send(Signal.TERM), Duration.ofMillis(random.nextInt(4_000))))))
                .with(new Probes(
                        Optional.empty(),
                        random.nextBoolean() ? Optional.of(probe) : Optional.empty(),
                        Optional.empty()))
                .withSignals(Set.of(Signal.HUP));
    }
}
