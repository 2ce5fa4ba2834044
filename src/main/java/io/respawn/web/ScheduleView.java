package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.core.Intent;
import io.respawn.core.PlannedRun;
import io.respawn.supervise.Schedules.Outlook;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with the schedule of a service, as the API shows it.
 *
 * @param next when it comes due; absent while the service is stopped
 * @param tooOld when the first of its processes is as old as it may become
 * @param last what was planned last, if anything was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScheduleView(
        @Nullable String next,
        @Nullable String tooOld,
        @Nullable Last last) {

    /**
     * What was planned last, whether it was carried out or not.
     *
     * @param id of the order
     * @param action start or restart
     * @param planned for which time
     * @param at when it was ordered
     * @param outcome how it ended, or how far it is
     * @param detail why, in words
     */
    public record Last(String id, String action, String planned, String at, String outcome, String detail) {
        static Last of(Intent intent) {
            return new Last(
                    intent.id().value(),
                    intent.command().action().word(),
                    PlannedRun.time(intent).map(Instant::toString).orElse(""),
                    intent.acceptedAt().toString(),
                    intent.phase() instanceof Intent.Ended end ? end.outcome().word() : IntentView.phase(intent),
                    intent.phase() instanceof Intent.Ended end ? end.detail() : "");
        }
    }

    static @Nullable ScheduleView of(@Nullable Outlook outlook) {
        return outlook == null
                ? null
                : new ScheduleView(
                        outlook.next().map(Instant::toString).orElse(null),
                        outlook.tooOld().map(Instant::toString).orElse(null),
                        outlook.last().map(Last::of).orElse(null));
    }
}
