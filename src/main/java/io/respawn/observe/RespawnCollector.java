package io.respawn.observe;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.respawn.supervise.Schedules;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Supervision;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Makes all metrics of Respawn at the moment of a scrape, from one snapshot, so that they agree with each other and cost
 * nothing between scrapes. Scrapes come on a worker thread, which may wait; the wait is bounded. It sits beside
 * Micrometer's meters in the registry of Prometheus, because a meter of Micrometer reads one number at a time and has to
 * be known before the scrape.
 */
@Singleton
final class RespawnCollector extends Collector implements Collector.Describable {

    private static final Logger LOG = Logger.getLogger(RespawnCollector.class);
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Supervision supervision;
    private final Schedules schedules;
    private final OwnProcess ownProcess = new OwnProcess(Path.of("/proc/self"));

    RespawnCollector(Supervision supervision, Schedules schedules) {
        this.supervision = supervision;
        this.schedules = schedules;
    }

    /** The registry that Micrometer fills and the endpoint scrapes; without this one it would make its own. */
    @Produces
    @Singleton
    CollectorRegistry registry() {
        CollectorRegistry registry = new CollectorRegistry(true);
        registry.register(this);
        return registry;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Optional<Snapshot> snapshot = snapshot();
        List<MetricFamilySamples> families = new ArrayList<>();
        families.add(Family.gauge("respawn_snapshot_available", "Whether the loop answered this scrape in time")
                .sample(snapshot.isPresent() ? 1 : 0)
                .done());
        families.add(Family.gauge("respawn_loop_silence_seconds", "Time since the loop turned last")
                .sample(StatisticsMetrics.seconds(supervision.sinceLastBeat()))
                .done());
        snapshot.map(SnapshotMetrics::of).ifPresent(families::addAll);
        snapshot.map(schedules::outlook).map(ScheduleMetrics::of).ifPresent(families::addAll);
        families.addAll(StatisticsMetrics.of(supervision.statistics()));
        families.addAll(ownProcess.metrics());
        return families;
    }

    /** Says nothing before the first scrape: the registry would ask for the state while the framework starts. */
    @Override
    public List<MetricFamilySamples> describe() {
        return List.of();
    }

    private Optional<Snapshot> snapshot() {
        try {
            return Optional.of(
                    supervision.snapshot().subscribeAsCompletionStage().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            LOG.debugf("Cannot read the state for a scrape within %s", LIMIT);
            return Optional.empty();
        } catch (ExecutionException failed) {
            LOG.warn("Cannot read the state for a scrape", failed.getCause());
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
