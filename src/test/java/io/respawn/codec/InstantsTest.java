package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InstantsTest {

    @Test
    void readsWhatRecordsSay() {
        Random random = new Random(RandomValues.seed("InstantsTest"));
        for (int i = 0; i < 10_000; i++) {
            int nanos =
                    switch (i % 4) {
                        case 0 -> 0;
                        case 1 -> random.nextInt(1000) * 1_000_000;
                        case 2 -> random.nextInt(1_000_000) * 1_000;
                        default -> random.nextInt(1_000_000_000);
                    };
            Instant time = Instant.ofEpochSecond(random.nextLong(-62_167_219_200L, 253_402_300_800L), nanos);

            assertThat(Instants.parse(time.toString())).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2030-01-31T12:00:00.5Z",
                "2030-01-31T12:00:00.Z",
                "2030-01-31t12:00:00z",
                "2030-01-31T12:00:00+01:00",
                "+12030-01-31T12:00:00Z",
                "2016-12-31T23:59:60Z",
                "2030-01-31T24:00:00Z"
            })
    void readsEveryFormThatTheLibraryReads(String text) {
        assertThat(Instants.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2030-01-31T12:00Z",
                "2030-02-30T12:00:00Z",
                "2030-13-01T12:00:00Z",
                "2030-01-31T12:60:00Z",
                "2030-01-31T12:00:00.1234567890Z",
                "2030-01-31 12:00:00Z",
                "2030-01-31T12:00:0xZ",
                "2030-01-31T12:00:00"
            })
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> Instants.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
