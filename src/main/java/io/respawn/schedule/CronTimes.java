package io.respawn.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.respawn.model.Cron;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * The times of a schedule on the clocks of its zone. Where these are put forward, what falls into the gap comes right behind
 * it; where they are put back, what falls into the hour that comes twice is its first time. Who runs every hour goes by what
 * has passed, and notices neither.
 */
final class CronTimes implements Times {

    private final ExecutionTime times;
    private final ZoneRules rules;
    private final boolean everyHour;

    CronTimes(Cron cron, ZoneId zone) {
        String withSeconds = cron.hasSeconds() ? cron.text() : "0 " + cron.text();
        times = ExecutionTime.forCron(new CronParser(definition()).parse(withSeconds));
        rules = zone.getRules();
        everyHour = cron.isForEveryHour();
    }

    private static CronDefinition definition() {
        return CronDefinitionBuilder.defineCron()
                .withSeconds()
                .and()
                .withMinutes()
                .and()
                .withHours()
                .and()
                .withDayOfMonth()
                .and()
                .withMonth()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .and()
                .instance();
    }

    @Override
    public Optional<Instant> after(Instant moment) {
        return everyHour ? byWhatHasPassed(moment) : byTheClock(moment);
    }

    private Optional<Instant> byTheClock(Instant moment) {
        Optional<LocalDateTime> local = next(local(moment, rules.getOffset(moment)));
        // In the second hour of those that come twice, the clock shows what has been.
        while (local.filter(time -> !instant(time).isAfter(moment)).isPresent()) {
            local = local.flatMap(this::next);
        }
        return local.map(this::instant);
    }

    private Instant instant(LocalDateTime local) {
        ZoneOffsetTransition change = rules.getTransition(local);
        if (change == null) {
            return local.toInstant(rules.getOffset(local));
        }
        return change.isGap() ? change.getInstant() : local.toInstant(change.getOffsetBefore());
    }

    private Optional<Instant> byWhatHasPassed(Instant moment) {
        ZoneOffset offset = rules.getOffset(moment);
        LocalDateTime from = local(moment, offset);
        ZoneOffsetTransition change = rules.nextTransition(moment);
        while (true) {
            Optional<LocalDateTime> next = next(from);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            Instant time = next.get().toInstant(offset);
            if (change == null || time.isBefore(change.getInstant())) {
                return Optional.of(time);
            }
            offset = change.getOffsetAfter();
            from = change.getDateTimeAfter().minusSeconds(1);
            change = rules.nextTransition(change.getInstant());
        }
    }

    private static LocalDateTime local(Instant moment, ZoneOffset offset) {
        return LocalDateTime.ofInstant(moment.truncatedTo(ChronoUnit.SECONDS), offset);
    }

    /** Where no clock is ever put forward or back. */
    private Optional<LocalDateTime> next(LocalDateTime local) {
        return times.nextExecution(local.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }
}
