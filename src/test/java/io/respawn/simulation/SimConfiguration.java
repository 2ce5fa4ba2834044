package io.respawn.simulation;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.PlanDiff;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.Program;
import io.respawn.model.ServiceName;
import io.respawn.model.StartPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The configuration's file, which somebody edits now and then, and the plan that a sidecar keeps beside its journal. */
final class SimConfiguration {

    private record Life(InstanceId instance, long incarnation) {}

    private final RandomGenerator random;
    private final Map<ServiceName, StartPolicy> starts = new HashMap<>();
    private final Map<Life, Program> programs = new HashMap<>();
    private Plan plan;
    private Optional<Plan> kept = Optional.empty();

    SimConfiguration(RandomGenerator random, Plan plan) {
        this.random = random;
        this.plan = plan;
        plan.services().values().forEach(spec -> starts.put(spec.name(), spec.start()));
    }

    /** What a sidecar reads that starts now. */
    Plan plan() {
        return plan;
    }

    void edit() {
        plan = SimPlans.edited(random, plan, starts);
    }

    /** What comes of reading it. */
    Event read(Effect.ReadConfiguration asked) {
        Optional<IntentId> intent = Optional.of(asked.intent());
        return switch (random.nextInt(5)) {
            case 0 -> new Event.PlanRefused(intent, List.of("a line is wrong", "and another one"));
            default -> new Event.PlanRead(intent, plan, List.of());
        };
    }

    void keep(Plan inForce) {
        kept = Optional.of(inForce);
    }

    void forget() {
        kept = Optional.empty();
    }

    /** What a new life finds changed. */
    Optional<PlanDiff> changes() {
        Optional<PlanDiff> diff = kept.map(before -> PlanDiff.of(before, plan)).filter(changes -> !changes.isEmpty());
        kept = kept.or(() -> Optional.of(plan));
        return diff;
    }

    void started(InstanceId instance, long incarnation, Program program) {
        programs.put(new Life(instance, incarnation), program);
    }

    /** What a process was started from. */
    Optional<Program> program(InstanceId instance, long incarnation) {
        return Optional.ofNullable(programs.get(new Life(instance, incarnation)));
    }
}
