package io.respawn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** It is looked when something is due and when the clock was set, and hardly ever else. */
final class WakefulnessTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Wakefulness wakefulness = new Wakefulness();
    private final Instant begin = Instant.parse("2026-01-01T00:00:00Z");

    private boolean isTime(Duration shown, Duration passed) {
        return wakefulness.isTimeToLook(begin.plus(shown), passed.toNanos());
    }

    @Test
    void looksFirstThenWhenSomethingIsDueAndOnceAMinute() {
        // then
        assertThat(isTime(Duration.ZERO, Duration.ZERO)).isTrue();

        // when
        wakefulness.looked(begin, 0, Optional.of(begin.plusSeconds(20)), PATIENCE);

        // then
        assertThat(wakefulness.nap(begin)).isEqualTo(Wakefulness.LONGEST_NAP);
        assertThat(wakefulness.nap(begin.plusSeconds(18))).isEqualTo(Duration.ofSeconds(2));
        assertThat(wakefulness.nap(begin.plusSeconds(21))).isEqualTo(Duration.ofMillis(10));
        assertThat(isTime(Duration.ofSeconds(19), Duration.ofSeconds(19))).isFalse();
        assertThat(isTime(Duration.ofSeconds(20), Duration.ofSeconds(20))).isTrue();

        // when
        wakefulness.looked(begin, 0, Optional.empty(), PATIENCE);

        // then
        assertThat(isTime(Duration.ofSeconds(59), Duration.ofSeconds(59))).isFalse();
        assertThat(isTime(Duration.ofSeconds(60), Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void noticesAClockThatIsSetAndNotOneThatIsTrimmed() {
        // given
        wakefulness.looked(begin, 0, Optional.of(begin.plus(Duration.ofHours(2))), PATIENCE);

        // then
        assertThat(isTime(Duration.ofSeconds(5), Duration.ofMillis(5_500))).isFalse();
        assertThat(isTime(Duration.ofHours(1), Duration.ofSeconds(5))).isTrue();
        assertThat(isTime(Duration.ofHours(-1), Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void looksAgainWhenItIsDisturbed() {
        // given
        wakefulness.looked(begin, 0, Optional.empty(), Duration.ofMillis(250));
        assertThat(wakefulness.nap(begin)).isEqualTo(Duration.ofMillis(250));
        assertThat(isTime(Duration.ZERO, Duration.ZERO)).isFalse();

        // when
        wakefulness.disturb();

        // then
        assertThat(isTime(Duration.ZERO, Duration.ZERO)).isTrue();
    }
}
