package io.respawn.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.respawn.model.Cron;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** The times of a schedule in its zone, changes of the clocks there included. */
final class RespawnSchedule {

    private final ExecutionTime times;
    private final ZoneId zone;

    RespawnSchedule(Cron cron, ZoneId zone) {
        times = ExecutionTime.forCron(
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(cron.text()));
        this.zone = zone;
    }

    /** The next one; there is none for the 30th of February. */
    Optional<Instant> after(Instant now) {
        return times.nextExecution(now.atZone(zone)).map(ZonedDateTime::toInstant);
    }
}
