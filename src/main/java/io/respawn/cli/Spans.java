package io.respawn.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads and writes lengths of time as people do: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}, {@code 3d}. */
final class Spans implements ITypeConverter<Duration> {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})(ms|s|m|h)");

    @Override
    public Duration convert(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            throw new TypeConversionException(
                    "Cannot use '" + Ascii.of(text) + "' as a duration: write 500ms, 10s, 2m or 1h");
        }
        long count = Long.parseLong(span.group(1));
        return switch (span.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /** Rounded to its largest unit, which is what a glance needs; under two units the next smaller one is clearer. */
    static String words(Duration span) {
        Duration positive = span.isNegative() ? Duration.ZERO : span;
        if (positive.toSeconds() < 1) {
            return positive.toMillis() + "ms";
        } else if (positive.toSeconds() < 120) {
            return positive.toSeconds() + "s";
        } else if (positive.toMinutes() < 120) {
            return positive.toMinutes() + "m";
        }
        return positive.toHours() < 48 ? positive.toHours() + "h" : positive.toDays() + "d";
    }
}
