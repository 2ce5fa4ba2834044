package io.respawn.probe;

import io.respawn.model.Text;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one message to the notify socket says, in the words of {@code sd_notify(3)}. What is not known is left out; such
 * messages carry much that is for others.
 *
 * @param up whether it is up (READY) or not for now (RELOADING, STOPPING); of several the last counts
 * @param words what that is for people
 * @param status a sentence about what it does, empty to take the last one back
 * @param alive a sign of life for the watchdog
 * @param trigger it has found out by itself that it is not sane
 * @param extension so long from now on it needs at most to start or to stop, or to ask again
 * @param main the number of the process that is to be the main from now on, as it was written
 * @param unclear whether a value was none; the rest counts
 */
record Notification(
        Optional<Boolean> up,
        String words,
        Optional<String> status,
        boolean alive,
        boolean trigger,
        Optional<Duration> extension,
        Optional<String> main,
        boolean unclear) {

    /** Says nothing. */
    static final Notification NOTHING = parse(new byte[0]);

    private static final String STOPS = "it says that it is stopping";

    /** The longest message; libsystemd sends none that is longer. */
    static final int LONGEST = 4096;

    private static final class Parser {
        private @Nullable Boolean up;
        private String words = "";
        private @Nullable String status;
        private boolean alive;
        private boolean trigger;
        private @Nullable Duration extension;
        private @Nullable String main;
        private boolean unclear;

        private void take(String name, String value) {
            switch (name) {
                case "READY" -> standing(value, true, "it says that it is up");
                case "RELOADING" -> standing(value, false, "it says that it reloads");
                case "STOPPING" -> standing(value, false, STOPS);
                case "STATUS" -> status = Text.bounded(value);
                case "WATCHDOG" -> watchdog(value);
                case "EXTEND_TIMEOUT_USEC" -> extend(value);
                case "MAINPID" -> main = Text.bounded(value);
                default -> {
                    // MONOTONIC_USEC, BARRIER, FDSTORE, ERRNO, names of others' own: nothing for us.
                }
            }
        }

        private void standing(String value, boolean next, String said) {
            if (value.equals("1")) {
                up = next;
                words = said;
            } else {
                unclear = true;
            }
        }

        private void watchdog(String value) {
            alive |= value.equals("1");
            trigger |= value.equals("trigger");
            unclear |= !value.equals("1") && !value.equals("trigger");
        }

        private void extend(String value) {
            try {
                long micros = Long.parseUnsignedLong(value);
                // What has the highest bit set is more than anybody may have anyway.
                extension = Duration.ofMillis((micros < 0 ? Long.MAX_VALUE : micros) / 1000);
            } catch (NumberFormatException none) {
                unclear = true;
            }
        }

        private Notification result() {
            return new Notification(
                    Optional.ofNullable(up),
                    words,
                    Optional.ofNullable(status),
                    alive,
                    trigger,
                    Optional.ofNullable(extension),
                    Optional.ofNullable(main),
                    unclear);
        }
    }

    /** The same but for a STOPPING. */
    Notification withoutStopping() {
        return words.equals(STOPS)
                ? new Notification(Optional.empty(), "", status, alive, trigger, extension, main, unclear)
                : this;
    }

    static Notification parse(byte[] message) {
        Parser parser = new Parser();
        for (String line : new String(message, StandardCharsets.UTF_8).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                parser.take(line.substring(0, equals), line.substring(equals + 1));
            } else {
                parser.unclear |= !line.isBlank();
            }
        }
        return parser.result();
    }
}
