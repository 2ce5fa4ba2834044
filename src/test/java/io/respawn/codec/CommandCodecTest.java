package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.codec.Reading.NotForMe;
import io.respawn.codec.Reading.Refused;
import io.respawn.codec.Reading.Understood;
import io.respawn.codec.Reading.Unreadable;
import io.respawn.core.DeadLetter;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandCodecTest {

    private static final String TOPIC = "respawn.commands";
    private static final String BROADCAST = "respawn.commands.broadcast";
    private static final SidecarId ME = new SidecarId("shop-1");

    private final CommandCodec codec = new CommandCodec(ME, Map.of("app", "shop", "zone", "a"), BROADCAST);

    @Test
    void understandsEveryField() {
        // given
        String json = """
                {"id":"o-1","sidecar":"shop-1","action":"restart","service":"web","instance":2,"reason":"new\\u0007 build",
                 "requestedBy":"ci","priority":-7,"notBefore":"2030-01-01T00:00:00Z","expiresAt":"2030-01-01T02:00:00+01:00",
                 "ifIncarnation":4,"wait":"ready","gracePeriod":"500ms","force":true,"traceparent":"00-a-b-01"}
                """;

        // when
        Command command = understood(keyed(json)).command();

        // then
        assertThat(command)
                .isEqualTo(new Command(
                        new IntentId("o-1"),
                        "",
                        Action.RESTART,
                        Optional.of(new ServiceName("web")),
                        OptionalInt.of(2),
                        Optional.empty(),
                        Optional.empty(),
                        "new build",
                        "ci",
                        -7,
                        Optional.of(Instant.parse("2030-01-01T00:00:00Z")),
                        Optional.of(Instant.parse("2030-01-01T01:00:00Z")),
                        OptionalLong.of(4),
                        WaitFor.READY,
                        Optional.of(Duration.ofMillis(500)),
                        true,
                        "00-a-b-01",
                        command.bodyHash()));
    }

    @Test
    void namesACommandWithoutAnIdByItsPosition() {
        assertThat(understood(keyed("{\"action\":\"ping\"}")).command().id())
                .isEqualTo(new IntentId("respawn.commands-3-42"));
    }

    @Test
    void reportsUnknownFieldsAndIgnoresNulls() {
        // when
        Understood reading = understood(keyed("{\"action\":\"ping\",\"colour\":{\"a\":[]},\"service\":null}"));

        // then
        assertThat(reading.unknownFields()).containsExactly("colour");
    }

    @Test
    void understandsACloudEventInBinaryMode() {
        // given
        List<DeadLetter.Header> headers = headers(
                "ce_specversion", "1.0",
                "ce_id", "e-1",
                "ce_source", "/ci",
                "ce_type", "io.respawn.command.signal.v1",
                "ce_subject", "shop-1/web",
                "ce_traceparent", "00-t");

        // when
        Command command =
                understood(raw(TOPIC, null, "{\"signal\":\"SIGHUP\"}", headers)).command();

        // then
        assertThat(command.id()).isEqualTo(new IntentId("e-1"));
        assertThat(command.source()).isEqualTo("/ci");
        assertThat(command.action()).isEqualTo(Action.SIGNAL);
        assertThat(command.service()).contains(new ServiceName("web"));
        assertThat(command.signal()).contains(Signal.HUP);
        assertThat(command.traceparent()).isEqualTo("00-t");
    }

    @Test
    void understandsAPingThatIsOnlyHeaders() {
        // given
        List<DeadLetter.Header> headers = headers(
                "ce_specversion", "1.0", "ce_id", "e-2", "ce_source", "/ci", "ce_type", "io.respawn.command.ping.v1");

        // then
        assertThat(understood(raw(TOPIC, "shop-1", "", headers)).command().action())
                .isEqualTo(Action.PING);
    }

    @Test
    void understandsACloudEventInStructuredMode() {
        // given
        String json = """
                {"specversion":"1.0","id":"e-3","source":"/ci","type":"com.example.order","subject":"shop-1/web",
                 "someextension":"x","data":{"action":"stop","gracePeriod":"PT3S"}}
                """;

        // when
        Understood reading = understood(
                raw(TOPIC, null, json, headers("content-type", "application/cloudevents+json; charset=utf-8")));

        // then
        assertThat(reading.command().action()).isEqualTo(Action.STOP);
        assertThat(reading.command().service()).contains(new ServiceName("web"));
        assertThat(reading.command().gracePeriod()).contains(Duration.ofSeconds(3));
        assertThat(reading.unknownFields()).isEmpty();
    }

    @Test
    void takesOnlyWhatIsAddressedToIt() {
        String ping = "{\"action\":\"ping\"}";
        assertThat(codec.read(raw(TOPIC, "shop-2", "not even JSON"))).isInstanceOf(NotForMe.class);
        assertThat(codec.read(raw(TOPIC, null, ping)))
                .isInstanceOfSatisfying(
                        NotForMe.class, other -> assertThat(other.broken()).isTrue());
        assertThat(codec.read(raw(TOPIC, null, "{\"sidecar\":\"shop-2\",\"action\":\"ping\"}")))
                .isInstanceOfSatisfying(
                        NotForMe.class, other -> assertThat(other.broken()).isFalse());
        assertThat(codec.read(raw(TOPIC, null, "{\"sidecar\":\"shop-1\",\"action\":\"ping\"}")))
                .isInstanceOf(Understood.class);
        assertThat(codec.read(raw(TOPIC, null, "{oops")))
                .isInstanceOfSatisfying(
                        NotForMe.class, other -> assertThat(other.broken()).isTrue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"app\":\"shop\"}              | true",
                "{\"app\":\"shop\",\"zone\":\"a\"} | true",
                "{}                              | true",
                "{\"app\":\"shop\",\"zone\":\"b\"} | false",
                "{\"tier\":\"web\"}              | false"
            })
    void obeysABroadcastWhoseSelectorMatches(String selector, boolean mine) {
        // when
        Reading reading = codec.read(raw(BROADCAST, "any", "{\"action\":\"ping\",\"selector\":" + selector + "}"));

        // then
        assertThat(reading instanceof Understood).isEqualTo(mine);
        assertThat(reading instanceof NotForMe).isEqualTo(!mine);
    }

    @Test
    void neverTakesAForgottenSelectorForEverybody() {
        assertThat(codec.read(raw(BROADCAST, "shop-1", "{\"action\":\"ping\"}")))
                .isInstanceOfSatisfying(NotForMe.class, reading -> {
                    assertThat(reading.broken()).isTrue();
                    assertThat(reading.detail()).contains("add the field 'selector'");
                });
    }

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

    @Test
    void tellsARepeatFromAnotherBody() {
        // given
        long first = understood(keyed("{\"id\":\"a\",\"action\":\"stop\",\"service\":\"web\",\"gracePeriod\":\"10s\"}"))
                .command()
                .bodyHash();

        // when
        long repeat = understood(
                        raw(
                                TOPIC,
                                null,
                                "{\"sidecar\":\"shop-1\",\"gracePeriod\":\"PT10S\",\"service\":\"web\",\"action\":\"stop\",\"id\":\"a\"}"))
                .command()
                .bodyHash();
        long other = understood(keyed("{\"id\":\"a\",\"action\":\"stop\",\"service\":\"db\",\"gracePeriod\":\"10s\"}"))
                .command()
                .bodyHash();

        // then
        assertThat(repeat).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void readsTheSameFromABody() {
        // when
        Command command = codec.readBody(utf8("{\"action\":\"ping\"}"), "api", new IntentId("fresh"));
        Command byPath = codec.readBody(
                new byte[0], "api", new IntentId("fresh"), Action.STOP, Optional.of(new ServiceName("web")));

        // then
        assertThat(command.id()).isEqualTo(new IntentId("fresh"));
        assertThat(command.source()).isEqualTo("api");
        assertThat(byPath.action()).isEqualTo(Action.STOP);
        assertThat(byPath.service()).contains(new ServiceName("web"));
        assertThatThrownBy(() -> codec.readBody(
                        utf8("{\"action\":\"start\"}"),
                        "api",
                        new IntentId("fresh"),
                        Action.STOP,
                        Optional.of(new ServiceName("web"))))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Cannot tell which action is meant");
        assertThatThrownBy(() -> codec.readBody(utf8("nonsense"), "api", new IntentId("fresh")))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("it is not JSON");
    }

    @Test
    void understandsWhatItWrote() {
        // given
        Command command = codec.readBody(
                utf8("{\"id\":\"o\",\"action\":\"signal\",\"service\":\"web\",\"signal\":\"USR1\",\"priority\":3}"),
                "",
                new IntentId("x"));

        // when
        byte[] bytes = codec.encode(command, Optional.of(ME));

        // then
        assertThat(understood(raw(TOPIC, null, new String(bytes, StandardCharsets.UTF_8)))
                        .command())
                .isEqualTo(command);
    }

    private void assertUnreadable(String json, String reason) {
        assertThat(codec.read(keyed(json)))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        reading -> assertThat(reading.reason())
                                .startsWith("Cannot ")
                                .contains(reason));
    }

    private Understood understood(RawCommand raw) {
        Reading reading = codec.read(raw);
        assertThat(reading).isInstanceOf(Understood.class);
        return (Understood) reading;
    }

    private static RawCommand keyed(String json) {
        return raw(TOPIC, "shop-1", json);
    }

    private static RawCommand raw(String topic, String key, String json) {
        return raw(topic, key, json, List.of());
    }

    private static RawCommand raw(String topic, String key, String json, List<DeadLetter.Header> headers) {
        return new RawCommand(
                topic,
                3,
                42,
                Optional.ofNullable(key).map(CommandCodecTest::utf8),
                Optional.of(utf8(json)),
                headers,
                Instant.EPOCH);
    }

    private static List<DeadLetter.Header> headers(String... namesAndValues) {
        List<DeadLetter.Header> headers = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new DeadLetter.Header(namesAndValues[i], utf8(namesAndValues[i + 1])));
        }
        return headers;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
