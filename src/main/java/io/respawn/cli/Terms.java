package io.respawn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On what terms an order is to be carried out. */
final class Terms {

    @Option(
            names = "--instance",
            paramLabel = "INDEX",
            description = "Only this instance, counted from 0; for restart, signal and reset.")
    private @Nullable Integer instance;

    @Option(
            names = "--if-incarnation",
            paramLabel = "N",
            description = "Only if the service still runs as incarnation N; else the order is rejected.")
    private @Nullable Long ifIncarnation;

    @Option(names = "--force", description = "Do not wait for the budget; this is noted with who asked for it.")
    private boolean force;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description = "-100 to 100; of those that wait for the budget the higher one goes first (default: 0).")
    private @Nullable Integer priority;

    @Option(
            names = "--not-before",
            paramLabel = "TIME",
            converter = Times.class,
            description = "Begin then at the earliest: +30s from now on, or 2026-03-01T12:00:00Z.")
    private @Nullable Instant notBefore;

    @Option(
            names = "--expires-at",
            paramLabel = "TIME",
            converter = Times.class,
            description = "Give it up then, unless it has begun: +30s from now on, or 2026-03-01T12:00:00Z.")
    private @Nullable Instant expiresAt;

    @Option(names = "--id", paramLabel = "ID", description = "Id of the order: the same id twice is carried out once.")
    private @Nullable String id;

    void addTo(ObjectNode body) {
        if (instance != null) {
            body.put("instance", instance);
        }
        if (ifIncarnation != null) {
            body.put("ifIncarnation", ifIncarnation);
        }
        if (force) {
            body.put("force", true);
        }
        if (priority != null) {
            body.put("priority", priority);
        }
        if (notBefore != null) {
            body.put("notBefore", notBefore.toString());
        }
        if (expiresAt != null) {
            body.put("expiresAt", expiresAt.toString());
        }
        if (id != null) {
            body.put("id", id);
        }
    }
}
