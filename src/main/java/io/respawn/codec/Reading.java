package io.respawn.codec;

import io.respawn.model.Command;
import io.respawn.model.IntentId;
import java.util.List;

/** What a record of a command topic turned out to be. */
public sealed interface Reading {

    /** A command for this sidecar; {@code unknownFields} were skipped. */
    record Understood(Command command, List<String> unknownFields) implements Reading {
        public Understood {
            unknownFields = List.copyOf(unknownFields);
        }
    }

    /** For this sidecar and with an id, but it asks for something impossible: it is to be answered as rejected. */
    record Refused(IntentId id, String source, String reason, String requestedBy) implements Reading {}

    /** For this sidecar, and no command at all: it goes to the dead letters. */
    record Unreadable(String reason) implements Reading {}

    /**
     * Somebody else's.
     *
     * @param broken whether it cannot be anybody's, because it is unreadable or has no address
     */
    record NotForMe(boolean broken, String detail) implements Reading {}
}
