package io.respawn.codec;

import io.respawn.core.DeadLetter;
import io.respawn.model.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A record of a command topic, as received. */
public record RawCommand(
        String topic,
        int partition,
        long offset,
        Optional<byte[]> key,
        Optional<byte[]> value,
        List<DeadLetter.Header> headers,
        Instant timestamp) {

    public RawCommand {
        headers = List.copyOf(headers);
    }

    public Position position() {
        return new Position(topic, partition, offset);
    }
}
