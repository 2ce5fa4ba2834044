package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SealTest {

    private static final byte[] CONTENT = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    @Test
    void givesBackWhatWasPutUnderIt() {
        assertThat(Seal.open(Seal.close(3, CONTENT), 3)).isEqualTo(CONTENT);
        assertThat(Seal.open(Seal.close(1, new byte[0]), 3)).isEmpty();
    }

    @Test
    void refusesEveryCutAndEveryFlippedBit() {
        // given
        byte[] sealed = Seal.close(1, CONTENT);

        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            // then
            assertThatThrownBy(() -> Seal.open(cut, 1)).isInstanceOf(CodecException.class);
        }
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            // then
            assertThatThrownBy(() -> Seal.open(flipped, 1)).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void refusesANewerVersionInWords() {
        assertThatThrownBy(() -> Seal.open(Seal.close(2, CONTENT), 1))
                .hasMessage("Cannot read a capsule of version 2: this program reads versions up to 1;"
                        + " respawn into one that knows it");
    }

    @Test
    void refusesSomethingElse() {
        assertThatThrownBy(() -> Seal.open("not a capsule, but long enough".getBytes(StandardCharsets.UTF_8), 1))
                .hasMessage("Cannot read a capsule: these 30 bytes are none");
    }
}
