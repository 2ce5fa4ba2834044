package io.respawn.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the command consumer's own figures whether a broker still answers, without a request of its own: an idle
 * fetch is answered at the latest when its wait is over. Used by the session's thread alone.
 */
final class Pulse {

    private static final Duration UNCONNECTED = Duration.ofSeconds(3);

    private final Map<MetricName, ? extends Metric> metrics;
    private final Duration silence;
    private final Figure fetches = new Figure("consumer-fetch-manager-metrics", "fetch-total");
    private final Figure connections = new Figure("consumer-metrics", "connection-count");
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
        double counted = fetches.value();
        if (counted != answers || paused) {
            answers = counted;
            answeredNanos = now;
        }
        if (connections.value() > 0) {
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

    /** Looked for once: a client has hundreds of figures, and is asked many times a second. */
    private final class Figure {
        private final String group;
        private final String name;
        private @Nullable Metric found;

        Figure(String group, String name) {
            this.group = group;
            this.name = name;
        }

        double value() {
            Metric known = found;
            if (known == null) {
                known = look().orElse(null);
                found = known;
            }
            return known == null ? 0 : ((Number) known.metricValue()).doubleValue();
        }

        /** That of the client as a whole: those of topics and nodes have more tags. */
        private Optional<? extends Metric> look() {
            return metrics.entrySet().stream()
                    .filter(entry -> entry.getKey().name().equals(name)
                            && entry.getKey().group().equals(group)
                            && entry.getKey().tags().size() == 1)
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }
}
