package io.respawn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What is taken as a schedule, and what the refusal of anything else says. */
final class CronTest {

    @Test
    void takesWhatCrontabWritesByNumbers() {
        assertThat(new Cron(" 0  3 * * 0 ").text()).isEqualTo("0 3 * * 0");
        assertThat(new Cron("*/5 0-6,22 1-31/2 12 1-5").text()).isEqualTo("*/5 0-6,22 1-31/2 12 1-5");
    }

    @Test
    void namesTheFieldThatItCannotUse() {
        assertThatThrownBy(() -> new Cron("0 3 * *"))
                .hasMessageStartingWith("Cannot use '0 3 * *' as a schedule: five");
        assertThatThrownBy(() -> new Cron("0 24 * * *"))
                .hasMessageStartingWith("Cannot use '24' for the hour of a schedule");
        assertThatThrownBy(() -> new Cron("0 3 0 * *")).hasMessageContaining("day of the month");
        assertThatThrownBy(() -> new Cron("0 3 * * mon")).hasMessageContaining("'mon' for the day of the week");
        assertThatThrownBy(() -> new Cron("*/0 3 * * *")).hasMessageContaining("'*/0' for the minute");
        assertThatThrownBy(() -> new Cron("5-1 3 * * *")).hasMessageContaining("'5-1' for the minute");
        assertThatThrownBy(() -> new Cron("1, 3 * * *")).hasMessageContaining("'' for the minute");
    }
}
