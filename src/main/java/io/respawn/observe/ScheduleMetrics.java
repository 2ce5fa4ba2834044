package io.respawn.observe;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.respawn.core.Intent;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Schedules.Outlook;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the schedules of services are at, in seconds since 1970; no sample where there is nothing to tell. */
final class ScheduleMetrics {

    private static final double MILLIS = 1000;

    private ScheduleMetrics() {}

    static List<MetricFamilySamples> of(Map<ServiceName, Outlook> outlooks) {
        return List.of(
                times(
                        "respawn_schedule_next_timestamp_seconds",
                        "When a schedule comes due next",
                        outlooks,
                        ScheduleMetrics::next),
                times(
                        "respawn_schedule_last_timestamp_seconds",
                        "When a schedule ordered something last",
                        outlooks,
                        outlook -> outlook.last().map(Intent::acceptedAt)));
    }

    private static Optional<Instant> next(Outlook outlook) {
        return outlook.next()
                .filter(planned -> outlook.tooOld().filter(planned::isAfter).isEmpty())
                .or(outlook::tooOld);
    }

    private static MetricFamilySamples times(
            String name, String help, Map<ServiceName, Outlook> outlooks, Function<Outlook, Optional<Instant>> time) {
        Family family = Family.gauge(name, help, "service");
        outlooks.forEach((service, outlook) ->
                time.apply(outlook).ifPresent(at -> family.sample(at.toEpochMilli() / MILLIS, service.value())));
        return family.done();
    }
}
