package io.respawn.web;

import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.Text;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what stands in paths and queries; what cannot be meant is refused with 400. */
final class Parameters {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m)");
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Pattern LIMIT = Pattern.compile("[0-9]{1,4}");
    private static final int HIGHEST_LIMIT = 1000;

    private Parameters() {}

    static ServiceName service(String text) {
        return named(ServiceName::new, text);
    }

    static IntentId intent(String text) {
        return named(IntentId::new, text);
    }

    static Duration wait(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration wait =
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        default -> Duration.ofMinutes(amount);
                    };
            if (wait.isPositive() && wait.compareTo(LONGEST_WAIT) <= 0) {
                return wait;
            }
        }
        throw new Refusal(
                400, "Cannot use timeout '" + Text.shown(text) + "': 1ms to 10m are allowed, for example 500ms or 30s");
    }

    static int limit(String text) {
        if (LIMIT.matcher(text).matches()) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= HIGHEST_LIMIT) {
                return limit;
            }
        }
        throw new Refusal(400, "Cannot use limit '" + Text.shown(text) + "': 1 to " + HIGHEST_LIMIT + " are allowed");
    }

    /** How many lines: none is useful for a follower. */
    static int lines(String text) {
        if (LIMIT.matcher(text).matches() && Integer.parseInt(text) <= HIGHEST_LIMIT) {
            return Integer.parseInt(text);
        }
        throw new Refusal(400, "Cannot show '" + Text.shown(text) + "' lines: 0 to " + HIGHEST_LIMIT + " are allowed");
    }

    static int instance(String text) {
        if (LIMIT.matcher(text).matches()) {
            return Integer.parseInt(text);
        }
        throw new Refusal(400, "Cannot use instance '" + Text.shown(text) + "': it is a number that counts from 0");
    }

    static boolean isJson(String format) {
        return switch (format) {
            case "json" -> true;
            case "text" -> false;
            default ->
                throw new Refusal(400, "Cannot use format '" + Text.shown(format) + "': text or json is expected");
        };
    }

    private static <T> T named(Function<String, T> type, String text) {
        try {
            return type.apply(text);
        } catch (IllegalArgumentException unusable) {
            throw new Refusal(400, String.valueOf(unusable.getMessage()));
        }
    }
}
