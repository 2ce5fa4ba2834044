package io.respawn.codec;

import static io.respawn.codec.CommandFixture.BROADCAST;
import static io.respawn.codec.CommandFixture.ME;
import static io.respawn.codec.CommandFixture.TOPIC;
import static io.respawn.codec.CommandFixture.codec;
import static io.respawn.codec.CommandFixture.headers;
import static io.respawn.codec.CommandFixture.keyed;
import static io.respawn.codec.CommandFixture.raw;
import static io.respawn.codec.CommandFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.codec.Reading.NotForMe;
import io.respawn.codec.Reading.Understood;
import io.respawn.core.DeadLetter;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import io.respawn.testing.Commands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandCodecTest {

    private final CommandCodec codec = codec();

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
                .isEqualTo(Commands.of("o-1", Action.RESTART)
                        .source("")
                        .service(new ServiceName("web"))
                        .instance(2)
                        .reason("new build")
                        .requestedBy("ci")
                        .priority(-7)
                        .notBefore(Instant.parse("2030-01-01T00:00:00Z"))
                        .expiresAt(Instant.parse("2030-01-01T01:00:00Z"))
                        .ifIncarnation(4)
                        .waitFor(WaitFor.READY)
                        .gracePeriod(Duration.ofMillis(500))
                        .force(true)
                        .traceparent("00-a-b-01")
                        .bodyHash(command.bodyHash())
                        .made());
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

    private Understood understood(RawCommand raw) {
        Reading reading = codec.read(raw);
        assertThat(reading).isInstanceOf(Understood.class);
        return (Understood) reading;
    }
}
