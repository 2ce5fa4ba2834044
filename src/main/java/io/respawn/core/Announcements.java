package io.respawn.core;

import io.respawn.core.Intent.Target;
import io.respawn.model.Command;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes the public events about intents. */
final class Announcements {

    private Announcements() {}

    /** The event for a phase of an intent; its id is the intent's id and the phase, so a repeat is recognisable. */
    static PublicEvent of(Turn turn, Intent intent, String phase, String detail) {
        Command command = intent.command();
        List<Target> targets = intent.targets();
        boolean single = targets.size() == 1;
        return new PublicEvent(
                intent.id() + "/" + phase,
                PublicEvent.intentType(phase),
                turn.now(),
                command.service(),
                single ? OptionalInt.of(targets.getFirst().index()) : command.instance(),
                java.util.Optional.of(intent.id()),
                command.action().word(),
                single ? OptionalLong.of(targets.getFirst().before()) : OptionalLong.empty(),
                single ? after(targets.getFirst()) : OptionalLong.empty(),
                "",
                command.reason(),
                command.requestedBy(),
                detail,
                intent.position().map(Object::toString).orElse(""),
                command.traceparent());
    }

    private static OptionalLong after(Target target) {
        return target.result().isPresent() ? OptionalLong.of(target.after()) : OptionalLong.empty();
    }
}
