package io.respawn.codec;

import io.respawn.model.Action;
import io.respawn.model.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a command from outside may not ask for, whatever the plan says. */
final class CommandRules {

    private static final Duration LONGEST_GRACE_PERIOD = Duration.ofDays(1);
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int INSTANCES = 1000;

    private CommandRules() {}

    static Command checked(Command command) {
        String action = command.action().word();
        require(
                command.action().needsService() || command.service().isEmpty(),
                "Cannot " + action + " a service: '" + action + "' is for the sidecar, remove the service");
        require(
                command.action() == Action.CANCEL || command.target().isEmpty(),
                "Cannot use the field 'intent' with " + action + ": only cancel takes it");
        require(
                command.action() == Action.SIGNAL || command.signal().isEmpty(),
                "Cannot use the field 'signal' with " + action + ": only signal takes it");
        command.instance()
                .ifPresent(index -> require(
                        index >= 0 && index < INSTANCES,
                        "Cannot use instance " + index + ": it counts from 0 to " + (INSTANCES - 1)));
        command.ifIncarnation()
                .ifPresent(incarnation ->
                        require(incarnation >= 0, "Cannot use ifIncarnation " + incarnation + ": it is not negative"));
        command.gracePeriod()
                .ifPresent(grace -> require(
                        !grace.isNegative() && grace.compareTo(LONGEST_GRACE_PERIOD) <= 0,
                        "Cannot use gracePeriod " + grace + ": 0s to 24h are allowed"));
        inRange("notBefore", command.notBefore());
        inRange("expiresAt", command.expiresAt());
        command.notBefore()
                .ifPresent(start -> command.expiresAt()
                        .ifPresent(end -> require(
                                end.isAfter(start),
                                "Cannot use expiresAt " + end + ": it is not after notBefore " + start)));
        return command;
    }

    private static void inRange(String field, Optional<Instant> time) {
        time.ifPresent(instant -> require(
                !instant.isBefore(EARLIEST) && !instant.isAfter(LATEST),
                "Cannot use " + field + " " + instant + ": the years 1970 to 9999 are allowed"));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new CodecException(otherwise);
        }
    }
}
