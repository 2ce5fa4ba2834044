package io.respawn.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads points in time as people write them: {@code +30s} from now on, or {@code 2026-03-01T12:00:00Z}. */
final class Times implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
        if (text.startsWith("+")) {
            return Instant.now().truncatedTo(ChronoUnit.MILLIS).plus(new Spans().convert(text.substring(1)));
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException refused) {
            throw new TypeConversionException("Cannot use '" + Ascii.of(text)
                    + "' as a point in time: write +30s for in 30 seconds, or 2026-03-01T12:00:00Z");
        }
    }
}
