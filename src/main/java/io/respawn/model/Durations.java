package io.respawn.model;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads lengths of time as people write them ({@code 500ms}, {@code 10s}, {@code 1m30s}, {@code 2h}, {@code 1d}) and as ISO
 * 8601 does ({@code PT10S}). One reader for configuration, commands and command line, so that all take the same forms.
 */
public final class Durations {

    /** Longer than any duration is ever written; keeps the sum of the parts far from overflow. */
    private static final int LIMIT = 40;

    private static final Pattern ISO = Pattern.compile("[-+]?[Pp]");
    private static final Pattern PARTS = Pattern.compile("(\\d{1,12}(ms|s|m|h|d))+");
    private static final Pattern PART = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

    private Durations() {}

    /**
     * Reads either form. Only ISO 8601 can be negative, and what range makes sense is the caller's to say.
     *
     * @throws IllegalArgumentException when it is neither; the message names the value and the forms
     */
    public static Duration parse(String text) {
        String plain = text.strip();
        if (plain.length() > LIMIT) {
            throw refused(text);
        }
        return ISO.matcher(plain).lookingAt() ? iso(plain) : parts(plain);
    }

    private static Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException neither) {
            throw refused(text);
        }
    }

    private static Duration parts(String text) {
        if (!PARTS.matcher(text).matches()) {
            throw refused(text);
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long count = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "ms" -> Duration.ofMillis(count);
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    });
        }
        return sum;
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("Cannot use '" + Text.shown(text)
                + "': a duration is expected; give a number and its unit: 500ms, 10s, 2m, 1h, 1d or PT1S");
    }
}
