package io.respawn.core;

import io.respawn.model.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A command that could not be understood, untouched, with the reason.
 *
 * @param key as received
 * @param value as received
 */
// The bytes are passed on as they came; nobody compares letters.
@SuppressWarnings("ArrayRecordComponent")
public record DeadLetter(
        Position position,
        Optional<byte[]> key,
        Optional<byte[]> value,
        List<Header> headers,
        String reason,
        Instant at) {

    /** One header as received. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Header(String name, byte[] value) {}

    public DeadLetter {
        headers = List.copyOf(headers);
    }
}
