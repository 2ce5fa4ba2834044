package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void readsDurations() {
        Map.of(
                        "0s", Duration.ZERO,
                        "500ms", Duration.ofMillis(500),
                        "10s", Duration.ofSeconds(10),
                        "2m", Duration.ofMinutes(2),
                        "1h30m", Duration.ofMinutes(90),
                        "1d", Duration.ofDays(1),
                        "PT1S", Duration.ofSeconds(1),
                        "PT0.25S", Duration.ofMillis(250))
                .forEach((text, duration) -> assertThat(Values.duration(text)).isEqualTo(duration));
    }

    @Test
    void refusesDurationsThatCouldMeanAnything() {
        for (String text :
                List.of("", "10", "10 s", "-1s", "1w", "s", "PT-1S", "P1X", "366d", "999999999999h", "1.5s")) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> Values.duration(text))
                    .withMessageStartingWith("Cannot use '" + text + "'");
        }
    }

    @Test
    void refusesNumbersThatAreNone() {
        for (String text : List.of("NaN", "Infinity", "x", "")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Values.decimal(text));
        }
    }
}
