package io.respawn.model;

import java.time.Duration;
import java.util.Optional;

/** Points in time that come again and again: by {@link Cron}, with seconds in front if need be, or such as {@code every 6h}. */
public record Timetable(String text) {

    private static final String EVERY = "every";
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int FEWEST_FIELDS = 5;

    public Timetable {
        text = text.strip().replaceAll("\\s+", " ");
        if (isInterval(text)) {
            Duration _ = interval(text);
        } else if (text.split(" ", -1).length < FEWEST_FIELDS) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(text)
                    + "' as a timetable: write five fields as crontab has them, such as '0 3 * * *' for 3 o'clock each"
                    + " day, six with seconds in front, or an interval, such as 'every 6h'");
        } else {
            text = new Cron(text).text();
        }
    }

    private static boolean isInterval(String text) {
        return text.equals(EVERY) || text.startsWith(EVERY + " ");
    }

    private static Duration interval(String text) {
        Duration interval = Durations.parse(text.substring(EVERY.length()));
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "Cannot use '" + Text.shown(text) + "' as a timetable: every 1s to every 365d are allowed");
        }
        return interval;
    }

    /** The time from one to the next, if that is always the same. */
    public Optional<Duration> interval() {
        return isInterval(text) ? Optional.of(interval(text)) : Optional.empty();
    }

    /** By which fields, if it has any. */
    public Optional<Cron> cron() {
        return isInterval(text) ? Optional.empty() : Optional.of(new Cron(text));
    }

    @Override
    public String toString() {
        return text;
    }
}
