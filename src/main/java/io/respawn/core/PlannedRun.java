package io.respawn.core;

import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Names the orders that are given by the clock: an id says for which service and for which point in time, so that it is
 * carried out once, whoever plans it. An order that does nothing says from when on a schedule counts.
 */
public final class PlannedRun {

    /** Who orders it. */
    public static final String SOURCE = "schedule";

    private static final String BEGIN = "begin/";

    private PlannedRun() {}

    /** The id of what is planned for a service and a point in time. */
    public static IntentId id(ServiceName service, Instant planned) {
        return new IntentId(prefix(service) + planned.truncatedTo(ChronoUnit.MILLIS));
    }

    /** The id of what says that a schedule counts from then on; a time may be planned for that very moment. */
    public static IntentId begin(ServiceName service, Instant at) {
        return new IntentId(prefix(service) + BEGIN + at.truncatedTo(ChronoUnit.MILLIS));
    }

    /** The same as the first for one instance, whose process is too old from then on. */
    public static IntentId ofAge(InstanceId instance, Instant planned) {
        return new IntentId(id(instance.service(), planned) + "/" + instance.index());
    }

    private static String prefix(ServiceName service) {
        return SOURCE + "/" + service + "/";
    }

    /** Whether the clock gave this order to a service. */
    static boolean isOrder(Command command) {
        return command.source().equals(SOURCE)
                && (command.action() == Action.START || command.action() == Action.RESTART);
    }

    /** Whether this says no more than that a schedule counts from then on. */
    public static boolean isBegin(Intent intent) {
        return intent.command().action() == Action.PING;
    }

    /** For which point in time it was planned, or from which on it counts; nothing, if it is neither. */
    public static Optional<Instant> time(Intent intent) {
        Command command = intent.command();
        if (!command.source().equals(SOURCE) || command.service().isEmpty()) {
            return Optional.empty();
        }
        String prefix = prefix(command.service().get()) + (isBegin(intent) ? BEGIN : "");
        String id = command.id().value();
        if (!id.startsWith(prefix) || id.indexOf('/', prefix.length()) >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(id.substring(prefix.length())));
        } catch (DateTimeException another) {
            // Whoever sends orders by Kafka is free to choose such an id.
            return Optional.empty();
        }
    }
}
