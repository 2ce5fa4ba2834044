package io.respawn.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.PlanDiff;
import io.respawn.model.Plan;
import io.respawn.model.Role;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A thousand random pairs of plans. {@code -Dseed=} replays one pair. */
class PlanPairsTest {

    private static final int PAIRS = 1_000;

    private record Pair(Plan before, Plan after) {
        static Pair of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            Plan before = SimPlans.random(random);
            Plan after = random.nextInt(4) == 0
                    ? SimPlans.random(random)
                    : SimPlans.edited(random, SimPlans.edited(random, before, new HashMap<>()), new HashMap<>());
            return new Pair(upAsNeeded(before), upAsNeeded(after));
        }
    }

    /** Whoever is needed starts: one that runs keeps running without what it needed, and one that starts waits for it. */
    private static Plan upAsNeeded(Plan plan) {
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>(plan.services());
        plan.services().values().stream()
                .flatMap(spec -> spec.ties().dependsOn().keySet().stream())
                .forEach(needed -> services.computeIfPresent(needed, (name, spec) -> spec.with(Role.DEFAULT)));
        return new Plan(plan.id(), plan.labels(), plan.budget(), services);
    }

    private static List<Long> seeds() {
        String replay = System.getProperty("seed", "");
        if (!replay.isEmpty()) {
            return List.of(Long.valueOf(replay));
        }
        long first = Seeds.first("sim.minutes");
        return java.util.stream.LongStream.range(first, first + PAIRS).boxed().toList();
    }

    @Test
    void applyingTheDifferenceEqualsStartingFresh() {
        int touched = 0;
        int kept = 0;
        for (long seed : seeds()) {
            // given
            Pair pair = Pair.of(seed);
            PlannedHost reloaded = new PlannedHost(pair.before());
            PlannedHost fresh = new PlannedHost(pair.after());
            Map<String, Integer> pids = reloaded.pids();

            // when
            reloaded.apply(pair.after());

            // then
            assertThat(reloaded.plan()).as("-Dseed=%d", seed).isEqualTo(pair.after());
            assertThat(reloaded.picture()).as("-Dseed=%d", seed).isEqualTo(fresh.picture());
            PlanDiff diff = PlanDiff.of(pair.before(), pair.after());
            Map<String, Integer> expected = pids;
            expected.keySet().removeIf(instance -> !mayStay(diff, pair.after(), instance));
            assertThat(reloaded.pids()).as("-Dseed=%d, %s", seed, diff).containsAllEntriesOf(expected);
            touched += pids.size() - expected.size();
            kept += expected.size();
        }
        assertThat(kept + touched).isPositive();
    }

    /** Those must keep their process that are declared before and after, and whose service is not restarted. */
    private static boolean mayStay(PlanDiff diff, Plan after, String instance) {
        String[] parts = instance.split("/", 2);
        return after.services().entrySet().stream()
                        .filter(each -> each.getKey().value().equals(parts[0]))
                        .anyMatch(each ->
                                Integer.parseInt(parts[1]) < each.getValue().instances()
                                        && each.getValue().role().autostart())
                && diff.services().stream()
                        .filter(change -> change.service().value().equals(parts[0]))
                        .noneMatch(change -> change.kind() == PlanDiff.Kind.RESTART);
    }

    @Test
    void aFailureWhileApplyingLeavesTheOldPlanWhole() {
        for (long seed : seeds()) {
            // given
            Pair pair = Pair.of(seed);
            PlannedHost host = new PlannedHost(pair.before());
            String picture = host.picture();
            Map<String, Integer> pids = host.pids();

            // when
            boolean failed = host.failToApply(pair.after());

            // then
            assertThat(host.plan()).as("-Dseed=%d", seed).isEqualTo(pair.before());
            assertThat(host.picture()).as("-Dseed=%d", seed).isEqualTo(picture);
            assertThat(host.pids()).as("-Dseed=%d", seed).isEqualTo(pids);
            assertThat(failed || PlanDiff.of(pair.before(), pair.after()).isEmpty())
                    .as("-Dseed=%d", seed)
                    .isTrue();
        }
    }
}
