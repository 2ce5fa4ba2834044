package io.respawn.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a command can order. */
public enum Action {
    RESTART,
    START,
    STOP,
    SIGNAL,
    RESET,
    SCALE,
    CANCEL,
    RELOAD,
    RESPAWN,
    PING;

    /** All words, for messages. */
    public static final String WORDS = Arrays.stream(values()).map(Action::word).collect(Collectors.joining(", "));

    /** The word in commands and events. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the action is about one service. */
    public boolean needsService() {
        return switch (this) {
            case RESTART, START, STOP, SIGNAL, RESET, SCALE -> true;
            case CANCEL, RELOAD, RESPAWN, PING -> false;
        };
    }

    public static Optional<Action> parse(String word) {
        return Arrays.stream(values()).filter(a -> a.word().equals(word)).findFirst();
    }
}
