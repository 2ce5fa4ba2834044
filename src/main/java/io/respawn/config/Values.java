package io.respawn.config;

import io.respawn.model.Durations;
import io.respawn.model.Signal;
import io.respawn.model.Text;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads single values; each refusal is an {@link IllegalArgumentException} that names the value, the rule and the remedy. */
final class Values {

    private static final Duration LONGEST = Duration.ofDays(365);

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");

    private Values() {}

    static int integer(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw refused(text, "a whole number", "write for example 3");
        }
    }

    static double decimal(String text) {
        try {
            double value = Double.parseDouble(text.strip());
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw refused(text, "a number", "write for example 2.0");
        }
        throw refused(text, "a number", "write for example 2.0");
    }

    static boolean truth(String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(text, "true or false", "write one of them");
        };
    }

    /** One of the constants, spelled in lower case with dashes. */
    static <E extends Enum<E>> E word(String text, Class<E> type) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        return constants.stream()
                .filter(c -> word(c).equals(text.strip()))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> words = constants.stream().map(Values::word).toList();
                    return refused(
                            text,
                            "one of " + String.join(", ", words),
                            Spelling.nearest(text, words)
                                    .map(near -> "did you mean '" + near + "'?")
                                    .orElse("write one of them"));
                });
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code 500ms}, {@code 10s}, {@code 1m30s}, {@code 2h}, {@code 1d}, {@code PT1S}; up to a year. */
    static Duration duration(String text) {
        Duration duration = Durations.parse(text);
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "Cannot use '" + Text.shown(text) + "' as a duration: 0s to 365d are allowed");
        }
        return duration;
    }

    /** A signal that can be sent, by name. */
    static Signal signal(String text) {
        return Signal.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("Cannot use '" + Text.shown(text)
                        + "' as a signal: one of "
                        + String.join(
                                ", ",
                                Arrays.stream(Signal.values())
                                        .map(Signal::toString)
                                        .toList())
                        + " is expected"));
    }

    /** {@code 512KiB}, {@code 10MiB}, {@code 1GiB}, {@code 4096B}. */
    static long size(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            throw refused(text, "a size", "give a number and its unit: 4096B, 512KiB, 10MiB or 1GiB");
        }
        long unit =
                switch (size.group(2)) {
                    case "KiB" -> 1L << 10;
                    case "MiB" -> 1L << 20;
                    case "GiB" -> 1L << 30;
                    default -> 1;
                };
        return Long.parseLong(size.group(1)) * unit;
    }

    private static IllegalArgumentException refused(String text, String rule, String remedy) {
        return new IllegalArgumentException(
                "Cannot use '" + Text.shown(text) + "': " + rule + " is expected; " + remedy);
    }
}
