package io.respawn.codec;

import io.respawn.core.DeadLetter;
import io.respawn.model.SidecarId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the tests of commands share: a sidecar, and records of its topics. */
final class CommandFixture {

    static final String TOPIC = "respawn.commands";
    static final String BROADCAST = "respawn.commands.broadcast";
    static final SidecarId ME = new SidecarId("shop-1");

    private CommandFixture() {}

    static CommandCodec codec() {
        return new CommandCodec(ME, Map.of("app", "shop", "zone", "a"), BROADCAST);
    }

    static RawCommand keyed(String json) {
        return raw(TOPIC, "shop-1", json);
    }

    static RawCommand raw(String topic, String key, String json) {
        return raw(topic, key, json, List.of());
    }

    static RawCommand raw(String topic, String key, String json, List<DeadLetter.Header> headers) {
        return new RawCommand(
                topic,
                3,
                42,
                Optional.ofNullable(key).map(CommandFixture::utf8),
                Optional.of(utf8(json)),
                headers,
                Instant.EPOCH);
    }

    static List<DeadLetter.Header> headers(String... namesAndValues) {
        List<DeadLetter.Header> headers = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new DeadLetter.Header(namesAndValues[i], utf8(namesAndValues[i + 1])));
        }
        return headers;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
