package io.respawn.observe;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.PublicEvent;
import io.respawn.model.ServiceName;
import io.respawn.supervise.ForwardCounts;
import io.respawn.supervise.RespawnCounts;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Statistics.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What was counted since the sidecar's image began. */
final class StatisticsMetrics {

    private StatisticsMetrics() {}

    static List<MetricFamilySamples> of(Statistics statistics) {
        List<MetricFamilySamples> families = new ArrayList<>();
        families.add(restarts(statistics));
        families.add(events(statistics));
        families.addAll(UsageMetrics.of(statistics));
        families.add(lineMatches(statistics));
        families.add(endedIntents(statistics));
        families.add(faults(statistics));
        families.add(Family.counter("respawn_log_lines_dropped", "Lines of the sidecar's own log that nobody took")
                .sample(statistics.logLinesDropped().sum())
                .done());
        families.add(Family.gauge("respawn_queued_events", "Events that wait for the loop")
                .sample(statistics.queued().get())
                .done());
        time(families, "respawn_step_seconds", "Time the machine took for an event", statistics.steps());
        time(families, "respawn_loop_lag_seconds", "Time from an event to its step", statistics.loopLag());
        time(
                families,
                "respawn_journal_append_seconds",
                "Time of an append to the local journal",
                statistics.journalAppends());
        addRespawns(families, statistics.respawns());
        addForwarding(families, statistics.forwarding().now());
        time(families, "respawn_kafka_commit_seconds", "Time of a Kafka transaction", statistics.kafkaCommits());
        return families;
    }

    private static MetricFamilySamples restarts(Statistics statistics) {
        Family family = Family.counter(
                "respawn_service_restarts", "Processes that replaced another one, by reason", "service", "reason");
        statistics
                .restarts()
                .forEach((restart, count) ->
                        family.sample(count.sum(), restart.service().value(), restart.reason()));
        return family.done();
    }

    private static void addRespawns(List<MetricFamilySamples> families, RespawnCounts counts) {
        families.add(Family.counter("respawn_respawns", "Times this process was to become a new image", "result")
                .sample(counts.succeeded(), "succeeded")
                .sample(counts.refused(), "refused")
                .done());
        String name = "respawn_blackout_seconds";
        String help = "Time in which a respawn handled nothing";
        families.add(Family.summary(name, help, counts.succeeded(), seconds(counts.blackouts())));
        families.add(Family.gauge(name + "_max", help + ", the longest")
                .sample(seconds(counts.longest()))
                .done());
        families.add(Family.gauge(name + "_last", help + ", the last one")
                .sample(seconds(counts.last()))
                .done());
    }

    private static MetricFamilySamples lineMatches(Statistics statistics) {
        Family family = Family.counter(
                "respawn_line_matches", "Lines of a service that were answered, by trigger", "service", "trigger");
        statistics
                .lineMatches()
                .forEach((match, count) ->
                        family.sample(count.sum(), match.service().value(), match.trigger()));
        return family.done();
    }

    private static void addForwarding(
            List<MetricFamilySamples> families, Map<ServiceName, ForwardCounts.Count> counts) {
        Family forwarded =
                Family.counter("respawn_output_forwarded", "Lines of a service that Kafka has acknowledged", "service");
        Family lost = Family.counter("respawn_output_lost", "Lines of a service lost on the way to Kafka", "service");
        Family waiting = Family.gauge("respawn_output_waiting", "Lines of a service on the way to Kafka", "service");
        counts.forEach((service, count) -> {
            forwarded.sample(count.forwarded(), service.value());
            lost.sample(count.lost(), service.value());
            waiting.sample(count.waiting(), service.value());
        });
        families.addAll(List.of(forwarded.done(), lost.done(), waiting.done()));
    }

    private static MetricFamilySamples events(Statistics statistics) {
        Family family = Family.counter("respawn_events", "Public events by type", "type");
        statistics.events().forEach((type, count) -> family.sample(count.sum(), type));
        return family.done();
    }

    private static MetricFamilySamples endedIntents(Statistics statistics) {
        Family family = Family.counter("respawn_intents_ended", "Intents by outcome", "outcome");
        for (Outcome outcome : Outcome.values()) {
            LongAdder count = statistics.events().get(PublicEvent.intentType(outcome.word()));
            family.sample(count == null ? 0 : count.sum(), outcome.word());
        }
        return family.done();
    }

    private static MetricFamilySamples faults(Statistics statistics) {
        Family family = Family.counter("respawn_faults", "Things that should not happen, by kind", "fault");
        statistics.faults().forEach((fault, count) -> family.sample(count.sum(), fault));
        return family.done();
    }

    private static void time(List<MetricFamilySamples> families, String name, String help, Timing timing) {
        families.add(Family.summary(name, help, timing.count(), seconds(timing.total())));
        families.add(Family.gauge(name + "_max", help + ", the longest")
                .sample(seconds(timing.longest()))
                .done());
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
