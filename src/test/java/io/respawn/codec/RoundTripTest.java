package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Batch;
import io.respawn.core.Event.Noted;
import io.respawn.core.Ledger;
import io.respawn.core.StateRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundTripTest {

    private static final int CASES = 1000;

    private final List<String> unknown = new ArrayList<>();
    private final RandomValues values = new RandomValues(RandomValues.seed("RoundTripTest"));

    @Test
    void recordsComeBackEqual() {
        RecordCodec codec = new RecordCodec(unknown::add);
        for (int i = 0; i < CASES; i++) {
            // given
            StateRecord record = i % 2 == 0 ? values.service() : values.intent();

            // when
            StateRecord back = codec.decode(record.key(), codec.encode(record));

            // then
            assertThat(back).isEqualTo(record);
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void ledgersComeBackEqual() {
        RecordCodec codec = new RecordCodec(unknown::add);
        for (int i = 0; i < CASES; i++) {
            // given
            Ledger ledger = values.ledger(i, i * 7L);

            // when
            Ledger back = codec.decodeLedger(codec.encode(ledger));

            // then
            assertThat(back).isEqualTo(ledger);
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void batchesComeBackEqual() {
        BatchCodec codec = new BatchCodec(unknown::add);
        for (int i = 0; i < CASES; i++) {
            // given
            Batch batch = values.batch(values.ledger(1, i));

            // when
            byte[] bytes = codec.encode(batch);
            Batch back = codec.decode(bytes);

            // then
            assertThat(back.ledger()).isEqualTo(batch.ledger());
            assertThat(back.records()).isEqualTo(batch.records());
            assertThat(back.events()).isEqualTo(batch.events());
            assertThat(back.deadLetters()).usingRecursiveComparison().isEqualTo(batch.deadLetters());
            assertThat(codec.encode(back)).isEqualTo(bytes);
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void spawnNotesComeBackEqual() {
        SpawnCodec codec = new SpawnCodec(unknown::add);
        for (int i = 0; i < CASES; i++) {
            // given
            Noted note = values.noted();

            // when
            Noted back = codec.decode(codec.encode(note));

            // then
            assertThat(back).isEqualTo(note);
        }
        assertThat(unknown).isEmpty();
    }
}
