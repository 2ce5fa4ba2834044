package io.respawn.model;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of its output that a service is not to print without an answer.
 *
 * @param name stands in ids, events and metrics
 * @param line how it looks
 * @param signal what is sent, for {@link Reaction#SIGNAL} only
 * @param apart how long at least after an answer the next line is looked for
 * @param showsLine whether the line stands in the reason of what follows, where everybody can read it
 */
public record LineTrigger(
        String name, ReadyLine line, Reaction reaction, Optional<Signal> signal, Duration apart, boolean showsLine) {

    public static final Duration DEFAULT_APART = Duration.ofMinutes(1);

    /** As many as a service may have: each line is looked at for each. */
    public static final int MOST = 16;

    /** Ids have a limit, and the names of services may be long. */
    private static final int LONGEST_NAME = 16;

    private static final Duration SHORTEST_APART = Duration.ofSeconds(1);

    /** What follows. */
    public enum Reaction {
        /** An event. */
        REPORT,
        /** The instance is ordered to be restarted. */
        RESTART,
        /** The instance is ordered to be sent a signal. */
        SIGNAL
    }

    public LineTrigger {
        if (!name.matches("[a-z0-9][a-z0-9-]*") || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(name) + "' as the name of a trigger: 1 to "
                    + LONGEST_NAME + " characters of a-z, 0-9 and '-' are allowed");
        }
        if ((reaction == Reaction.SIGNAL) != signal.isPresent()) {
            throw new IllegalArgumentException(
                    reaction == Reaction.SIGNAL
                            ? "Cannot send no signal: add the field 'signal', for example SIGHUP"
                            : "Cannot send a signal and " + reaction.name().toLowerCase(Locale.ROOT)
                                    + ": set the action to signal, or remove the signal");
        }
        if (apart.compareTo(SHORTEST_APART) < 0) {
            throw new IllegalArgumentException("Cannot answer lines every " + apart
                    + ": at least 1s is expected, as a service may print thousands of them");
        }
    }
}
