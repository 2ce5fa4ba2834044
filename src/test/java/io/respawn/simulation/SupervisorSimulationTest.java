package io.respawn.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Lives through many random histories, checking the invariants after every step. {@code -Dseed=} replays one history,
 * {@code -Dsim.minutes=} goes on for longer.
 */
class SupervisorSimulationTest {

    @Test
    void noHistoryBreaksAnInvariant() {
        String replay = System.getProperty("seed", "");
        if (!replay.isEmpty()) {
            live(Long.parseLong(replay), new TreeMap<>());
            return;
        }
        // given
        long begun = System.nanoTime();
        long first = Seeds.first("sim.minutes");
        Duration limit = System.getProperty("sim.minutes") == null
                ? Duration.ofSeconds(8)
                : Duration.ofMinutes(Long.getLong("sim.minutes"));
        Map<String, Integer> coverage = new TreeMap<>();
        // when
        long steps = 0;
        long histories = 0;
        while (Duration.ofNanos(System.nanoTime() - begun).compareTo(limit) < 0 || histories < 200) {
            steps += live(first + histories, coverage);
            histories++;
        }
        // then
        System.Logger log = System.getLogger(SupervisorSimulationTest.class.getName());
        log.log(System.Logger.Level.INFO, histories + " histories, " + steps + " steps, seeds from " + first);
        Set<String> states = new TreeSet<>();
        coverage.keySet().forEach(pair -> states.add(pair.substring(pair.indexOf(" x ") + 3)));
        assertThat(states)
                .contains(
                        "stopped",
                        "waiting",
                        "starting",
                        "running",
                        "ready",
                        "terminating",
                        "killing",
                        "backing-off",
                        "completed");
        assertThat(coverage)
                .containsKeys(
                        "ProcessExited x killing",
                        "StateRestored x terminating",
                        "CameUp x starting",
                        "Withdrew x ready");
    }

    private static long live(long seed, Map<String, Integer> coverage) {
        try {
            Audit audit = new SimWorld(seed).run();
            audit.coverage().forEach((pair, count) -> coverage.merge(pair, count, Integer::sum));
            return audit.steps();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("history broken; replay it with -Dseed=" + seed, broken);
        }
    }
}
