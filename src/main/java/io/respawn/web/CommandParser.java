package io.respawn.web;

import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.util.Optional;

/** Reads the body of an order; how commands are written is not the business of this package. Bounds size and depth. */
@FunctionalInterface
public interface CommandParser {

    /**
     * What the path of a request says already, so that the body need not.
     *
     * @param action what is ordered
     * @param service of which service; none if it is for the sidecar itself
     */
    record Addressed(Action action, Optional<ServiceName> service) {}

    /**
     * Reads a body, which may be empty if the path says enough.
     *
     * @param json at most 64 KiB
     * @param source what the command's source is unless the body says so
     * @param idIfNone the intent's id unless the body says so
     * @param addressed from the path; a body that says otherwise is refused
     * @throws IllegalArgumentException with the reason, for the sender, when this is no command
     */
    Command parse(byte[] json, String source, IntentId idIfNone, Optional<Addressed> addressed);
}
