package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** Waits for the end of an intent; a sidecar that is away for a moment, as while it respawns, is asked again. */
final class OutcomeWait {

    /** Short enough for every proxy in between. */
    private static final Duration SLICE = Duration.ofSeconds(20);

    private static final Duration RETRY = Duration.ofMillis(250);

    private final Api api;
    private final long deadlineNanos;
    private final Duration timeout;

    OutcomeWait(Api api, Duration timeout) {
        this.api = api;
        this.timeout = timeout;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    }

    JsonNode end(JsonNode accepted) {
        JsonNode intent = accepted;
        String id = accepted.path("id").asText();
        while (intent.path("outcome").asText("").isEmpty()) {
            Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
            if (!left.isPositive()) {
                throw new CliException(
                        Exit.TIMEOUT,
                        "Cannot tell the outcome yet: order " + id + " is still "
                                + intent.path("phase").asText("open") + " after " + Spans.words(timeout)
                                + "; it goes on, see 'respawn intents " + id
                                + "', or wait on by adding --wait to that");
            }
            intent = ask(id, left.compareTo(SLICE) < 0 ? left : SLICE, intent);
        }
        return intent;
    }

    private JsonNode ask(String id, Duration slice, JsonNode last) {
        try {
            return api.intent(id, slice);
        } catch (CliException e) {
            if (e.exitCode() != Exit.UNREACHABLE || deadlineNanos - System.nanoTime() < RETRY.toNanos()) {
                throw e;
            }
            pause(e);
            return last;
        }
    }

    private static void pause(CliException cause) {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }

    /** How the verb that waited ends. */
    static int exitCode(JsonNode intent) {
        return switch (intent.path("outcome").asText("")) {
            // Coalesced means that another order brought about what this one asked for.
            case "", "succeeded", "coalesced" -> Exit.DONE;
            default -> Exit.FAILED;
        };
    }
}
