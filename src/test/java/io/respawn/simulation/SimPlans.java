package io.respawn.simulation;

import io.respawn.model.Backoff;
import io.respawn.model.DependencyCondition;
import io.respawn.model.Plan;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.Program;
import io.respawn.model.ReadyLine;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Role;
import io.respawn.model.Schedule;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.model.StartPolicy;
import io.respawn.model.StopPolicy;
import io.respawn.model.Ties;
import io.respawn.model.Timetable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Makes small plans at random. */
final class SimPlans {

    private SimPlans() {}

    private static StopPolicy stop(RandomGenerator random) {
        List<StopPolicy.Step> steps = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            StopPolicy.Way way = random.nextInt(4) == 0
                    ? new StopPolicy.Way.Run(List.of("/bin/stop"))
                    : new StopPolicy.Way.Send(random.nextBoolean() ? Signal.TERM : Signal.HUP);
            steps.add(new StopPolicy.Step(way, Duration.ofMillis(random.nextInt(4_000 / count))));
        }
        return new StopPolicy(steps);
    }

    static Plan random(RandomGenerator random) {
        int count = 1 + random.nextInt(4);
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            ServiceSpec spec = service(random, i);
            services.put(spec.name(), spec);
        }
        return new Plan(new SidecarId("sim"), Map.of(), services);
    }

    private static ServiceSpec service(RandomGenerator random, int i) {
        Map<ServiceName, DependencyCondition> needs = new TreeMap<>();
        for (int j = 0; j < i; j++) {
            if (random.nextInt(3) == 0) {
                needs.put(
                        new ServiceName("s" + j),
                        random.nextBoolean() ? DependencyCondition.STARTED : DependencyCondition.READY);
            }
        }
        Set<ServiceName> after = new HashSet<>();
        for (int j = 0; j < i; j++) {
            if (random.nextInt(4) == 0) {
                after.add(new ServiceName("s" + j));
            }
        }
        // A service that others wait for must not be one that is allowed to end for good.
        RestartPolicy.Mode mode = random.nextInt(4) == 0 ? RestartPolicy.Mode.ON_FAILURE : RestartPolicy.Mode.ALWAYS;
        Duration delay = Duration.ofMillis(random.nextInt(3) == 0 ? 0 : random.nextInt(2_000));
        Probe probe =
                new Probe(new Probe.TcpSocket(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);
        Optional<Probe> readiness = random.nextBoolean() ? Optional.empty() : Optional.of(probe);
        Optional<Probes.Liveness> liveness = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new Probes.Liveness(probe, Optional.empty(), random.nextInt(4) > 0));
        return ServiceSpec.of(new ServiceName("s" + i), List.of("/bin/s" + i))
                .withInstances(1 + random.nextInt(2))
                .with(new Role(random.nextInt(10) > 0, false, false, false, random.nextInt(3)))
                .with(new Ties(needs, after))
                .with(new RestartPolicy(
                        mode, Set.of(0), new Backoff(delay, 2.0, Duration.ofSeconds(10), 0.1, Duration.ofSeconds(20))))
                .with(start(random))
                .with(stop(random))
                .with(new Probes(Optional.empty(), readiness, liveness))
                .with(SimHooks.of(i))
                .withSignals(Set.of(Signal.HUP));
    }

    /** One or two things are written otherwise; how a service says that it is up stays, as its processes know it. */
    static Plan edited(RandomGenerator random, Plan plan, Map<ServiceName, StartPolicy> starts) {
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>(plan.services());
        for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
            int i = random.nextInt(5);
            ServiceName name = new ServiceName("s" + i);
            ServiceSpec old = services.get(name);
            ServiceSpec other = service(random, i);
            if (old == null) {
                services.put(name, other.with(starts.computeIfAbsent(name, first -> other.start())));
            } else if (random.nextInt(5) == 0) {
                services.remove(name);
            } else {
                services.put(name, edited(random, old, other));
            }
        }
        services.replaceAll((name, spec) -> spec.with(tiesTo(services.keySet(), spec.ties())));
        return new Plan(plan.id(), Map.of(), services);
    }

    private static ServiceSpec edited(RandomGenerator random, ServiceSpec old, ServiceSpec other) {
        return switch (random.nextInt(9)) {
            case 0, 1 -> old.with(new Program(List.of("/bin/" + old.name(), "edition-" + random.nextInt(1_000))));
            case 2 -> old.with(other.restart());
            case 3 -> old.with(other.stop());
            // Whoever says that it is up is not asked that by a startup probe, and none of these has one.
            case 4 -> old.with(other.probes());
            case 5 -> old.withInstances(1 + random.nextInt(3));
            case 6 -> old.with(other.role());
            case 7 -> old.with(schedule(random));
            default -> old.with(other.ties());
        };
    }

    /** Orders come from elsewhere; that one changes must change nothing else. */
    private static Schedule schedule(RandomGenerator random) {
        Schedule base = Schedule.DEFAULT;
        return new Schedule(
                Optional.of(new Timetable("every " + (1 + random.nextInt(24)) + "h")),
                base.run(),
                base.timeZone(),
                base.jitter(),
                base.overlap(),
                base.missed(),
                base.missedAfter(),
                base.maxAge(),
                base.maxAgeSpread());
    }

    private static Ties tiesTo(Set<ServiceName> declared, Ties ties) {
        Map<ServiceName, DependencyCondition> needs = new TreeMap<>(ties.dependsOn());
        needs.keySet().retainAll(declared);
        Set<ServiceName> after = new HashSet<>(ties.after());
        after.retainAll(declared);
        return new Ties(needs, after);
    }

    /** Some say that they are up, by the notify socket or by a line. */
    private static StartPolicy start(RandomGenerator random) {
        Duration timeout = Duration.ofSeconds(4);
        return switch (random.nextInt(4)) {
            case 0 -> new StartPolicy(timeout, true, Optional.of(Duration.ofSeconds(5)), Optional.empty());
            case 1 -> new StartPolicy(timeout, false, Optional.empty(), Optional.of(new ReadyLine("up")));
            default -> new StartPolicy(timeout);
        };
    }
}
