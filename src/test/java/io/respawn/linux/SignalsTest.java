package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SignalsTest {

    @Test
    void findsNumbersByEitherSpelling() {
        // given
        String full = "SIGTERM";
        String brief = " term ";

        // when
        OptionalInt number = Signals.number(full);

        // then
        assertThat(number).hasValue(Signals.SIGTERM).isEqualTo(Signals.number(brief));
        assertThat(Signals.number("SIGNOTHING")).isEmpty();
        assertThat(Signals.name(15)).isEqualTo("SIGTERM");
    }

    @Test
    void turnsSetsIntoBitsAndBack() {
        // given
        Set<Integer> signals = Set.of(1, 15, 64);

        // when
        long bits = Signals.bits(signals);

        // then
        assertThat(bits).isEqualTo(1L | 1L << 14 | 1L << 63);
        assertThat(Signals.set(bits)).isEqualTo(signals);
        assertThatThrownBy(() -> Signals.bits(Set.of(65))).hasMessageStartingWith("Cannot use 65");
    }

    @Test
    void saysErrorsInWordsAndByName() {
        // given
        Errno known = Errno.ENOENT;
        Errno unknown = new Errno(4095);

        // when
        String text = known.toString();

        // then
        assertThat(text).isEqualTo("no such file or directory (ENOENT)");
        assertThat(unknown).hasToString("error 4095 (E4095)");
        assertThatThrownBy(() -> new Errno(0)).hasMessageStartingWith("Cannot take 0");
    }
}
