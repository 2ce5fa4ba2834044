package io.respawn.cli;

import io.respawn.model.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads and writes lengths of time as people do: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}, {@code 3d}. */
final class Spans implements ITypeConverter<Duration> {

    /** Beyond it a deadline in nanoseconds would overflow some day. */
    private static final Duration LONGEST = Duration.ofDays(365);

    @Override
    public Duration convert(String text) {
        try {
            Duration span = Durations.parse(text);
            if (!span.isNegative() && span.compareTo(LONGEST) <= 0) {
                return span;
            }
        } catch (IllegalArgumentException refused) {
            throw new TypeConversionException(Ascii.of(String.valueOf(refused.getMessage())));
        }
        throw new TypeConversionException("Cannot use '" + Ascii.of(text) + "' as a duration: 0s to 365d are allowed");
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
