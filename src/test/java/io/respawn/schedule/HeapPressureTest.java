package io.respawn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.RespawnTriggers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A full heap asks for a new image when it stays full, and not over and over. */
final class HeapPressureTest {

    private static final Duration TIME = Duration.ofMinutes(5);
    private static final Duration APART = Duration.ofHours(1);

    private final HeapPressure pressure =
            new HeapPressure(90, new RespawnTriggers(Optional.empty(), "UTC", OptionalInt.of(90), TIME, APART));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Optional<Instant> last = Optional.empty();

    private boolean looks(Duration later, int used) {
        now = now.plus(later);
        boolean due = pressure.isDue(now, used, last);
        if (due) {
            pressure.asked(now);
        }
        return due;
    }

    @Test
    void isDueUntilOneWasAskedFor() {
        assertThat(pressure.isDue(now, 90, last)).isFalse();
        assertThat(pressure.isDue(now.plus(TIME), 90, last)).isTrue();
        assertThat(pressure.isDue(now.plus(TIME), 90, last)).isTrue();
        pressure.asked(now.plus(TIME));
        assertThat(pressure.isDue(now.plus(TIME), 90, last)).isFalse();
    }

    @Test
    void asksWhenItHasBeenFullForTheWholeTime() {
        assertThat(looks(Duration.ZERO, 90)).isFalse();
        assertThat(looks(TIME.minusSeconds(1), 95)).isFalse();
        assertThat(looks(Duration.ofSeconds(1), 90)).isTrue();
    }

    @Test
    void beginsAnewWhenItWasNotFullInBetween() {
        assertThat(looks(Duration.ZERO, 90)).isFalse();
        assertThat(looks(TIME.minusSeconds(1), 89)).isFalse();
        assertThat(looks(Duration.ofSeconds(1), 90)).isFalse();
        assertThat(looks(TIME, 90)).isTrue();
    }

    @Test
    void asksOnceUntilTheTimeBetweenTwoIsOver() {
        assertThat(looks(Duration.ZERO, 99)).isFalse();
        assertThat(looks(TIME, 99)).isTrue();
        for (Duration gone = Duration.ofMinutes(1); gone.compareTo(APART) < 0; gone = gone.plusMinutes(1)) {
            assertThat(looks(Duration.ofMinutes(1), 99)).as("%s later", gone).isFalse();
        }
        assertThat(looks(Duration.ofMinutes(1), 99)).isTrue();
    }

    @Test
    void newImageThatIsFullAtOnceWaitsFromTheLastRespawnOn() {
        // given: it knows nothing but when it was ordered
        last = Optional.of(now.minusSeconds(1));

        // then
        assertThat(looks(Duration.ZERO, 99)).isFalse();
        assertThat(looks(APART.minusSeconds(2), 99)).isFalse();
        assertThat(looks(Duration.ofSeconds(1), 99)).isTrue();
    }
}
