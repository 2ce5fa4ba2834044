package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {

    private static final int PAGE = 4096;
    private static final String LINE =
            "42 (a) R 1 (b) S 100 200 300 0 -1 4194304 1 2 3 4 50 60 700 800 20 0 17 0 987654"
                    + " 1000 25 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    @Test
    void readsTheFieldsBehindANameWithBracketsAndBlanks() {
        assertThat(parsed(LINE))
                .isEqualTo(new ProcessUsage(
                        42, false, 100, 300, Duration.ofMillis(1_100), Duration.ofSeconds(15), 17, 987_654, 25 * PAGE));
    }

    @Test
    void knowsAZombie() {
        assertThat(parsed(LINE.replace(") S ", ") Z ")).zombie()).isTrue();
    }

    @Test
    void refusesWhatIsCutOff() {
        assertThatThrownBy(() -> parsed("42 (a) S 1 2 3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read the state of a process: it ends after field 6");
        assertThatThrownBy(() -> parsed("42 (a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read the state of a process: the bracket after its name is missing");
    }

    private static ProcessUsage parsed(String line) {
        byte[] bytes = (line + "rubbish of an earlier, longer line").getBytes(StandardCharsets.US_ASCII);
        return ProcessUsage.parse(bytes, line.length(), PAGE);
    }
}
