package io.respawn.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lives through histories of orders among crashes and a broker that loses, delays and repeats appends, and checks after
 * every step that each order is carried out once. {@code -Dsim.histories=100000} lives through so many, and through three
 * hundred with a crash at every instant; {@code -Dseed=} replays one history, with {@code -Dsim.instant=} the one with a
 * crash at that instant.
 */
class IntentSimulationTest {

    private static final System.Logger LOG = System.getLogger(IntentSimulationTest.class.getName());

    private static final String HISTORIES = "sim.histories";

    /** Without {@code -Dsim.histories}, each part goes on for so long, and has lived through so many at least. */
    private static final Duration SHORT = Duration.ofSeconds(10);

    private static final long FEWEST = 500;

    /** By then a crash has hit every step of an order's life; most are hit much sooner. */
    private static final long ENOUGH = 20_000;

    private static final long FEWEST_WITH_EVERY_INSTANT = 3;
    private static final long EVERY_INSTANT = 300;

    private final Map<IntentMoment, Integer> hit = new EnumMap<>(IntentMoment.class);
    private long steps;
    private long crashes;
    private long refused;
    private long repeated;

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void everyOrderIsCarriedOutOnceAmongCrashesAtRandom() {
        String replay = System.getProperty("seed", "");
        if (!replay.isEmpty()) {
            replay(Long.parseLong(replay), Long.getLong("sim.instant", 0));
            return;
        }
        // given
        long begun = System.nanoTime();
        long first = Seeds.first(HISTORIES);
        long wanted = Long.getLong(HISTORIES, FEWEST);
        // when
        long lived = 0;
        while (lived < wanted || (isShort() && (isEarly(begun) || !isCovered(lived)))) {
            long seed = first + lived;
            take(live(seed, Crashes.random(seed, IntentHistory.length(seed)), ""));
            lived++;
        }
        // then
        LOG.log(System.Logger.Level.INFO, report(lived + " histories with crashes at random", begun, first));
        assertThat(hit).containsOnlyKeys(IntentMoment.values());
        assertThat(crashes).isBetween(lived, 3 * lived);
        assertThat(refused).as("writes of stale writers that were refused").isPositive();
        assertThat(repeated).as("requests that came twice").isPositive();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void everyOrderIsCarriedOutOnceWithACrashAtEveryInstantOfAHistory() {
        // given
        long begun = System.nanoTime();
        long first = Seeds.first(HISTORIES);
        long wanted = isShort() ? FEWEST_WITH_EVERY_INSTANT : EVERY_INSTANT;
        // when
        long lived = 0;
        long runs = 0;
        while (lived < wanted || (isShort() && isEarly(begun))) {
            long seed = first + lived;
            long instants = live(seed, Crashes.none(), "").instants();
            for (long instant = 1; instant <= instants; instant++) {
                take(live(seed, Crashes.at(instant), " -Dsim.instant=" + instant));
            }
            runs += instants;
            lived++;
        }
        // then
        LOG.log(
                System.Logger.Level.INFO,
                report(
                        lived + " histories with a crash at every instant, lived through " + runs + " times",
                        begun,
                        first));
        assertThat(crashes).isEqualTo(runs);
    }

    @ParameterizedTest
    @EnumSource(value = Sabotage.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedDefectIsFound(Sabotage planted) {
        // when
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= 3_000; seed++) {
                        new IntentHistory(seed, Crashes.random(seed, IntentHistory.length(seed)), planted).run();
                    }
                })
                // then
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(planted.words());
    }

    private boolean isCovered(long lived) {
        return hit.size() == IntentMoment.values().length || lived >= ENOUGH;
    }

    private static boolean isShort() {
        return Long.getLong(HISTORIES) == null;
    }

    private static boolean isEarly(long begun) {
        return System.nanoTime() - begun < SHORT.toNanos();
    }

    private static void replay(long seed, long instant) {
        live(seed, instant > 0 ? Crashes.at(instant) : Crashes.random(seed, IntentHistory.length(seed)), "");
    }

    private static IntentHistory live(long seed, Crashes crashes, String also) {
        try {
            return new IntentHistory(seed, crashes, Sabotage.NONE).run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("history broken; replay it with -Dseed=" + seed + also, broken);
        }
    }

    private void take(IntentHistory lived) {
        lived.hit().forEach((moment, count) -> hit.merge(moment, count, Integer::sum));
        steps += lived.steps();
        crashes += lived.deaths();
        refused += lived.broker().refused();
        repeated += lived.broker().repeated();
    }

    private String report(String what, long begun, long first) {
        StringBuilder text = new StringBuilder(what + ": " + steps + " steps, " + crashes + " crashes, " + refused
                + " stale writes refused, " + repeated + " repeated writes recognised, in "
                + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s; seeds from " + first);
        hit.forEach((moment, count) -> text.append(String.format("%n%9d  %s", count, moment.words())));
        return text.toString();
    }
}
