package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.linux.ExitStatus.Exited;
import io.respawn.linux.ExitStatus.Signalled;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessStatTest {

    private static final String TAIL =
            " 100 200 300 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200 18446744073709551615"
                    + " 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 ";

    @Test
    void readsANameWithBracketsAndBlanks() {
        // given
        String line = "42 (a) R 1 (b) S" + TAIL + "0\n";

        // when
        ProcessStat stat = ProcessStat.parse(line);

        // then
        assertThat(stat).isEqualTo(new ProcessStat(42, "a) R 1 (b", 'S', 100, 200, 300, 987654, 0));
        assertThat(stat.exitStatus()).isEmpty();
    }

    @Test
    void readsHowAZombieEnded() {
        // given
        String exited = "42 (x) Z" + TAIL + (7 << 8);
        String dumped = "42 (x) Z" + TAIL + (11 | 0x80);

        // when
        Optional<ExitStatus> code = ProcessStat.parse(exited).exitStatus();
        Optional<ExitStatus> signal = ProcessStat.parse(dumped).exitStatus();

        // then
        assertThat(code).contains(new Exited(7, Optional.empty()));
        assertThat(signal).contains(new Signalled(11, true, Optional.empty()));
        assertThat(signal.orElseThrow()).hasToString("SIGSEGV (core dumped)");
    }

    @Test
    void refusesALineWithoutAName() {
        // given
        String line = "42 S 1 2 3";

        // when // then
        assertThatThrownBy(() -> ProcessStat.parse(line)).hasMessageStartingWith("Cannot read the process state");
    }
}
