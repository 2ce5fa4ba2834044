package io.respawn.observe;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;

/** Collects the samples of one metric. */
final class Family {

    private final String name;
    private final Collector.Type type;
    private final String help;
    private final List<String> labels;
    private final List<Sample> samples = new ArrayList<>();

    private Family(String name, Collector.Type type, String help, List<String> labels) {
        this.name = name;
        this.type = type;
        this.help = help;
        this.labels = labels;
    }

    static Family gauge(String name, String help, String... labels) {
        return new Family(name, Collector.Type.GAUGE, help, List.of(labels));
    }

    /** A counter; its samples are called {@code <name>_total}. */
    static Family counter(String name, String help, String... labels) {
        return new Family(name, Collector.Type.COUNTER, help, List.of(labels));
    }

    /** A number of durations and their sum. */
    static MetricFamilySamples summary(String name, String help, long count, double sumSeconds) {
        List<Sample> samples = List.of(
                new Sample(name + "_count", List.of(), List.of(), (double) count),
                new Sample(name + "_sum", List.of(), List.of(), sumSeconds));
        return new MetricFamilySamples(name, Collector.Type.SUMMARY, help, samples);
    }

    Family sample(double value, String... labelValues) {
        String suffix = type == Collector.Type.COUNTER ? "_total" : "";
        samples.add(new Sample(name + suffix, labels, List.of(labelValues), value));
        return this;
    }

    /** For counts, of which none comes near the numbers that a double cannot tell apart. */
    Family sample(long value, String... labelValues) {
        return sample((double) value, labelValues);
    }

    MetricFamilySamples done() {
        return new MetricFamilySamples(name, type, help, samples);
    }
}
