package io.respawn.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.codec.ComponentForm;
import io.respawn.core.Continuation;
import io.respawn.core.State;
import io.respawn.model.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A handover at any moment of a history leaves the rest of it as it would have been. {@code -Dseed=} replays one history. */
class HandoverSimulationTest {

    private static final Duration LIMIT = Duration.ofSeconds(Long.getLong("sim.seconds", 5));

    private final List<String> unknown = new ArrayList<>();
    private final ComponentForm form = new ComponentForm(unknown::add);
    private int handovers;

    /** What rides in a capsule, as far as the machine is concerned. */
    record Cargo(Plan plan, Continuation continuation) {}

    @Test
    void historyGoesOnAsIfThereHadBeenNone() {
        // given
        boolean replays = System.getProperty("seed") != null;
        long first = Long.getLong("seed", Seeds.first("sim.minutes"));
        long begun = System.nanoTime();
        int histories = 0;

        while (histories == 0 || (!replays && System.nanoTime() - begun < LIMIT.toNanos())) {
            long seed = first + histories;
            // when
            long without = digest(seed, UnaryOperator.identity());
            SplittableRandom dice = new SplittableRandom(seed);
            long with = digest(seed, state -> dice.nextInt(20) == 0 ? handedOver(state) : state);

            // then
            assertThat(with).as("history of -Dseed=%d", seed).isEqualTo(without);
            histories++;
        }
        assertThat(handovers).isPositive();
        assertThat(unknown).isEmpty();
        System.Logger log = System.getLogger(HandoverSimulationTest.class.getName());
        log.log(System.Logger.Level.INFO, histories + " histories, " + handovers + " handovers, seeds from " + first);
    }

    private static long digest(long seed, UnaryOperator<State> passage) {
        SimWorld world = new SimWorld(seed, passage);
        world.run();
        return world.digest();
    }

    private State handedOver(State state) {
        handovers++;
        byte[] capsule = form.encode(new Cargo(state.plan(), state.continuation()));
        Cargo cargo = form.decode("a capsule", Cargo.class, capsule);
        return State.resume(cargo.plan(), cargo.continuation());
    }
}
