package io.respawn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One way to read durations serves the configuration, the commands and the command line. */
final class DurationsTest {

    @Test
    void readsWhatPeopleWriteAndWhatIsoDoes() {
        Map.of(
                        "0s", Duration.ZERO,
                        "500ms", Duration.ofMillis(500),
                        " 10s ", Duration.ofSeconds(10),
                        "1h30m", Duration.ofMinutes(90),
                        "1m5s20ms", Duration.ofMillis(65_020),
                        "1d", Duration.ofDays(1),
                        "PT0.25S", Duration.ofMillis(250),
                        "-PT1S", Duration.ofSeconds(-1),
                        "PT-1S", Duration.ofSeconds(-1))
                .forEach((text, duration) -> assertThat(Durations.parse(text)).isEqualTo(duration));
    }

    @Test
    void readsTheLongestThatCanBeWritten() {
        assertThat(Durations.parse("999999999999d")).isEqualTo(Duration.ofDays(999_999_999_999L));
        assertThat(Durations.parse("999999999999d".repeat(3))).isEqualTo(Duration.ofDays(2_999_999_999_997L));
    }

    @Test
    void refusesWhatCouldMeanAnythingAndNamesTheForms() {
        for (String text : List.of("", "10", "10 s", "-1s", "1w", "s", "P1X", "1.5s", "PT99999999999999999999S")) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> Durations.parse(text))
                    .withMessageStartingWith("Cannot use '" + text + "': a duration is expected;")
                    .withMessageContaining("500ms");
        }
    }

    @Test
    void readsBackWhatJavaWrites() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            Duration duration = Duration.ofSeconds(random.nextLong(-1L << 40, 1L << 40), random.nextInt(1_000_000_000));
            assertThat(Durations.parse(duration.toString()))
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(duration);
        }
    }
}
