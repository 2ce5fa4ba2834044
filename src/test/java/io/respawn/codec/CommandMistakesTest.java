package io.respawn.codec;

import static io.respawn.codec.CommandFixture.TOPIC;
import static io.respawn.codec.CommandFixture.codec;
import static io.respawn.codec.CommandFixture.keyed;
import static io.respawn.codec.CommandFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.codec.Reading.Refused;
import io.respawn.codec.Reading.Unreadable;
import io.respawn.model.IntentId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandMistakesTest {

    private final CommandCodec codec = codec();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"action\":\"explode\"} | Cannot read the field 'action' of a command: 'explode' is none of restart, start",
                "{\"service\":\"web\"} | the field 'action' is missing; add one of restart",
                "{\"action\":7} | Cannot read the field 'action' of a command: 7 is not text; put it in quotes",
                "{\"action\":\"restart\"} | cannot restart without a service: add the field 'service'",
                "{\"action\":\"restart\",\"service\":\"Web!\"} | cannot use 'Web!' as service name: 1 to 63 characters",
                "{\"action\":\"signal\",\"service\":\"web\"} | cannot send no signal: add the field 'signal'",
                "{\"action\":\"signal\",\"service\":\"web\",\"signal\":\"RTMIN\"} | 'RTMIN' is no signal; for example HUP",
                "{\"action\":\"cancel\"} | cannot cancel nothing: add the field 'intent'",
                "{\"action\":\"ping\",\"priority\":101} | cannot use priority 101: -100 to 100 are allowed",
                "{\"action\":\"ping\",\"priority\":1.5} | 'priority' of a command: 1.5 is not a whole number",
                "{\"action\":\"ping\",\"priority\":99999999999999999999} | is not a whole number of 64 bits",
                "{\"action\":\"ping\",\"force\":\"yes\"} | 'force' of a command: 'yes' is neither true nor false",
                "{\"action\":\"ping\",\"notBefore\":\"tomorrow\"} | 'tomorrow' is not a time; write it like 2030-01-31T12:00:00Z",
                "{\"action\":\"ping\",\"expiresAt\":\"+99999-01-01T00:00:00Z\"} | the years 1970 to 9999 are allowed",
                "{\"action\":\"ping\",\"wait\":\"done\"} | 'done' is none of started, ready",
                "{\"action\":\"ping\",\"gracePeriod\":\"soon\"} | 'soon' is not a length of time; write it like 10s, 500ms",
                "{\"action\":\"ping\",\"gracePeriod\":\"-PT1S\"} | Cannot use gracePeriod PT-1S: 0s to 24h are allowed",
                "{\"action\":\"ping\",\"gracePeriod\":\"999999999999999999d\"} | is not a length of time",
                "{\"action\":\"ping\",\"service\":\"web\"} | 'ping' is for the sidecar, remove the service",
                "{\"action\":\"stop\",\"service\":\"web\",\"signal\":\"KILL\"} | only signal takes it",
                "{\"action\":\"stop\",\"service\":\"web\",\"instance\":-1} | Cannot use instance -1: it counts from 0 to 999",
                "{\"action\":\"ping\",\"sidecar\":\"shop-2\"} | Cannot take a command for 'shop-2' under the key 'shop-1'"
            })
    void answersAMistakeInAReadableCommandWithItsReason(String json, String reason) {
        // given
        String withId = "{\"id\":\"o-9\",\"requestedBy\":\"ci\"," + json.substring(1);

        // when
        Reading reading = codec.read(keyed(withId));

        // then
        assertThat(reading).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.id()).isEqualTo(new IntentId("o-9"));
            assertThat(refused.requestedBy()).isEqualTo("ci");
            assertThat(refused.reason()).startsWith("Cannot ").contains(reason);
        });
    }

    @Test
    void setsAsideWhatIsNoCommandAtAll() {
        assertUnreadable("", "it is empty");
        assertUnreadable("restart", "it is not JSON");
        assertUnreadable("[1]", "it begins with an array; send a JSON object");
        assertUnreadable("{\"action\":\"ping\"} {}", "something follows the JSON object");
        assertUnreadable("{\"action\":\"ping\",\"action\":\"ping\"}", "the field 'action' is there twice");
        assertUnreadable("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}", "nested deeper than 16 levels");
        assertUnreadable("{\"a\":\"" + "x".repeat(65536) + "\"}", "at most 65536 are allowed");
        assertUnreadable("{\"id\":\"two words\",\"action\":\"ping\"}", "as intent id");
        assertUnreadable("{\"specversion\":\"0.3\",\"id\":\"a\"}", "of version '0.3': send specversion 1.0");
        assertThat(codec.read(new RawCommand(
                        TOPIC, 3, 42, Optional.of(utf8("shop-1")), Optional.empty(), List.of(), Instant.EPOCH)))
                .isEqualTo(new Unreadable("Cannot read a command without a value: send a JSON object"));
        assertThat(codec.read(new RawCommand(
                        TOPIC,
                        3,
                        42,
                        Optional.of(utf8("shop-1")),
                        Optional.of(new byte[] {'{', (byte) 0xC3, '}'}),
                        List.of(),
                        Instant.EPOCH)))
                .isEqualTo(new Unreadable("Cannot read a command: it is not UTF-8 text; send a JSON object"));
    }

    private void assertUnreadable(String json, String reason) {
        assertThat(codec.read(keyed(json)))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        reading -> assertThat(reading.reason())
                                .startsWith("Cannot ")
                                .contains(reason));
    }
}
