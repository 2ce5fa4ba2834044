package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.core.Ledger;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.IntentId;
import io.respawn.model.StopPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecordCodecTest {

    private final List<String> unknown = new ArrayList<>();
    private final RecordCodec codec = new RecordCodec(unknown::add);

    @Test
    void skipsAndReportsFieldsOfANewerVersion() {
        // given
        byte[] value = json("""
                {"schema":1,"epoch":3,"seq":9,"colour":{"deep":[1]},"host":{"bootId":"b","pidNamespace":4,"arch":"x"}}
                """);

        // when
        Ledger ledger = codec.decodeLedger(value);

        // then
        assertThat(ledger.epoch()).isEqualTo(3);
        assertThat(unknown).containsExactlyInAnyOrder("colour", "host.arch");
    }

    @Test
    void givesMissingFieldsTheirDefaults() {
        // given
        byte[] value = json("{\"schema\":1,\"name\":\"web\",\"desired\":\"up\"}");

        // when
        StateRecord record = codec.decode("service/web", value);

        // then
        assertThat(record).isInstanceOfSatisfying(Service.class, service -> {
            assertThat(service.instances()).isEmpty();
            assertThat(service.stop()).isEqualTo(StopPolicy.DEFAULT);
            assertThat(service.handSet()).isFalse();
        });
    }

    @Test
    void refusesAnUnknownSchemaInWords() {
        assertThatThrownBy(() -> codec.decodeLedger(json("{\"schema\":2}")))
                .isInstanceOf(CodecException.class)
                .hasMessage(
                        "Cannot read a ledger of schema 2: this version reads schema 1; start a version that knows it");
        assertThatThrownBy(() -> codec.decode("service/web", json("{}")))
                .isInstanceOf(CodecException.class)
                .hasMessage("Cannot read a service record: the field 'schema' is missing");
    }

    @Test
    void refusesAValueUnderSomebodyElsesKey() {
        // given
        byte[] value = json("{\"schema\":1,\"name\":\"web\",\"desired\":\"up\"}");

        // then
        assertThatThrownBy(() -> codec.decode("service/db", value))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("its content says 'service/web'");
        assertThatThrownBy(() -> codec.decode("colour/db", value))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("neither a service nor an intent");
    }

    @Test
    void hasNoValueForATombstone() {
        assertThatThrownBy(() -> codec.encode(new StateRecord.IntentTombstone(new IntentId("i"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("intent/i");
    }

    @Test
    void namesFieldAndValueOfAMistake() {
        assertThatThrownBy(() -> codec.decodeLedger(json(
                        "{\"schema\":1,\"epoch\":\"three\",\"seq\":1,\"host\":{\"bootId\":\"b\",\"pidNamespace\":4}}")))
                .isInstanceOf(CodecException.class)
                .hasMessage("Cannot read the field 'epoch' of a ledger: 'three' is not a whole number");
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
