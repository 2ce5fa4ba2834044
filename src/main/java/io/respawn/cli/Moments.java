package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Says how long ago something was, and how soon something will be, as the sidecar's clock has it.
 *
 * @param now what that clock shows; points in time are said as they are when it is not known
 */
record Moments(Optional<Instant> now) {

    static Moments at(JsonNode time) {
        return new Moments(instant(time));
    }

    Optional<String> ago(JsonNode time) {
        return instant(time)
                .map(then -> now.map(at -> Spans.words(Duration.between(then, at)) + " ago")
                        .orElse(then.toString()));
    }

    Optional<String> until(JsonNode time) {
        return instant(time)
                .map(next -> now.map(at -> "in " + Spans.words(Duration.between(at, next)))
                        .orElse("at " + next));
    }

    private static Optional<Instant> instant(JsonNode time) {
        try {
            return time.isTextual() ? Optional.of(Instant.parse(time.asText())) : Optional.empty();
        } catch (DateTimeException e) {
            // A time of a newer sidecar in a form of its own: the line is worth more than the column.
            return Optional.empty();
        }
    }
}
