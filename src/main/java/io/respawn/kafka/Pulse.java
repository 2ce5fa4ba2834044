package io.respawn.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Tells from the command consumer's own figures whether a broker still answers, without a request of its own: an idle
 * fetch is answered at the latest when its wait is over. Used by the session's thread alone.
 */
final class Pulse {

    private static final Duration UNCONNECTED = Duration.ofSeconds(3);

    private final Map<MetricName, ? extends Metric> metrics;
    private final Duration silence;
    private double answers = -1;
    private long answeredNanos = System.nanoTime();
    private long connectedNanos = System.nanoTime();

    Pulse(Map<MetricName, ? extends Metric> metrics, Duration silence) {
        this.metrics = metrics;
        this.silence = silence;
    }

    /** {@return what is wrong, in words} */
    Optional<String> trouble(boolean paused) {
        long now = System.nanoTime();
        double counted = figure("consumer-fetch-manager-metrics", "fetch-total");
        if (counted != answers || paused) {
            answers = counted;
            answeredNanos = now;
        }
        if (figure("consumer-metrics", "connection-count") > 0) {
            connectedNanos = now;
        }
        if (now - connectedNanos > UNCONNECTED.toNanos()) {
            return Optional.of("no broker can be reached");
        }
        return now - answeredNanos > silence.toNanos()
                ? Optional.of("no broker has answered for "
                        + Duration.ofNanos(now - answeredNanos).toSeconds() + " s")
                : Optional.empty();
    }

    /** The figure of the client as a whole: those of topics and nodes have more tags. */
    private double figure(String group, String name) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name)
                        && entry.getKey().group().equals(group)
                        && entry.getKey().tags().size() == 1)
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .sum();
    }
}
