package io.respawn.core;

import io.respawn.model.Command;
import io.respawn.model.IntentLimits;
import java.util.Optional;

/** Bounds what waits: by count and by bytes. Too much is an outcome, never silence. */
final class Buffer {

    private final State state;

    Buffer(Turn turn) {
        this.state = turn.state();
    }

    /** Why there is no room for a command; empty when there is. What ends at once, or makes room, needs none. */
    Optional<String> objection(Command command) {
        boolean needsRoom =
                switch (command.action()) {
                    case CANCEL, PING, STOP -> false;
                    case RESTART, START, SIGNAL, RESET, SCALE, RELOAD, RESPAWN -> true;
                };
        IntentLimits limits = state.plan().intents();
        if (!needsRoom) {
            return Optional.empty();
        }
        if (state.open().count() >= limits.openCount()) {
            return Optional.of(full(state.open().count() + " orders wait already", "intents.open-count"));
        }
        if (state.open().bytes() + command.size() > limits.openBytes()) {
            return Optional.of(
                    full("the orders that wait already have " + state.open().bytes() + " bytes", "intents.open-size"));
        }
        return Optional.empty();
    }

    private static String full(String what, String key) {
        return "Cannot take this order, buffer-full: " + what
                + "; send it again with another id when some have ended, cancel some, or raise respawn." + key;
    }
}
