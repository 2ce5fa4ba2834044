package io.respawn.model;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Points in time as {@code crontab} writes them: minute, hour, day of the month, month, day of the week. Fields may have
 * lists, ranges and steps; months and days of the week go by number. A sixth field, in front, is for seconds.
 */
public record Cron(String text) {

    private static final Pattern PART = Pattern.compile("(?:\\*|(\\d{1,2})(?:-(\\d{1,2}))?)(?:/(\\d{1,2}))?");

    private record Range(String name, int least, int most) {}

    private static final List<Range> FIELDS = List.of(
            new Range("minute", 0, 59),
            new Range("hour", 0, 23),
            new Range("day of the month", 1, 31),
            new Range("month", 1, 12),
            new Range("day of the week", 0, 7));

    private static final Range SECONDS = new Range("second", 0, 59);
    private static final int HOUR_FROM_THE_END = 4;

    public Cron {
        text = text.strip().replaceAll("\\s+", " ");
        String[] fields = text.split(" ", -1);
        int seconds = fields.length == FIELDS.size() + 1 ? 1 : 0;
        if (fields.length - seconds != FIELDS.size()) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(text) + "' as a schedule: "
                    + "five fields are expected (minute, hour, day of the month, month, day of the week), such as "
                    + "'0 3 * * *' for 3 o'clock each day");
        }
        for (int i = 0; i < fields.length; i++) {
            Range range = i < seconds ? SECONDS : FIELDS.get(i - seconds);
            for (String part : fields[i].split(",", -1)) {
                require(part, range);
            }
        }
    }

    private static void require(String part, Range range) {
        Matcher match = PART.matcher(part);
        boolean fits = match.matches()
                && isWithin(match.group(1), range.least(), range.most())
                && isWithin(match.group(2), range.least(), range.most())
                && isWithin(match.group(3), 1, range.most())
                && (match.group(2) == null || Integer.parseInt(match.group(1)) <= Integer.parseInt(match.group(2)));
        if (!fits) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(part) + "' for the " + range.name()
                    + " of a schedule: *, numbers from " + range.least() + " to " + range.most()
                    + ", ranges such as 1-5 and steps such as */2 are allowed");
        }
    }

    private static boolean isWithin(String number, int least, int most) {
        return number == null || (Integer.parseInt(number) >= least && Integer.parseInt(number) <= most);
    }

    /** Whether it tells seconds; else it is always the first one of a minute. */
    public boolean hasSeconds() {
        return text.split(" ", -1).length > FIELDS.size();
    }

    /** Whether it does not say which hour. */
    public boolean isForEveryHour() {
        String[] fields = text.split(" ", -1);
        String hour = fields[fields.length - HOUR_FROM_THE_END];
        return hour.equals("*") || hour.equals("*/1");
    }

    @Override
    public String toString() {
        return text;
    }
}
