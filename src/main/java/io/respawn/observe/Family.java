package io.respawn.observe;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.Collector.Type;
import java.util.ArrayList;
import java.util.List;

/** Collects the samples of one metric. */
final class Family {

    private final String name;
    private final Type type;
    private final String help;
    private final List<String> labels;
    private final List<Sample> samples = new ArrayList<>();

    private Family(String name, Type type, String help, List<String> labels) {
        this.name = name;
        this.type = type;
        this.help = help;
        this.labels = labels;
    }

    static Family gauge(String name, String help, String... labels) {
        return new Family(name, Type.GAUGE, help, List.of(labels));
    }

    /** A counter; its samples are called {@code <name>_total}. */
    static Family counter(String name, String help, String... labels) {
        return new Family(name, Type.COUNTER, help, List.of(labels));
    }

    /** A number of durations and their sum. */
    static MetricFamilySamples summary(String name, String help, long count, double sumSeconds) {
        List<Sample> samples = List.of(
                new Sample(name + "_count", List.of(), List.of(), count),
                new Sample(name + "_sum", List.of(), List.of(), sumSeconds));
        return new MetricFamilySamples(name, Type.SUMMARY, help, samples);
    }

    Family sample(double value, String... labelValues) {
        String suffix = type == Type.COUNTER ? "_total" : "";
        samples.add(new Sample(name + suffix, labels, List.of(labelValues), value));
        return this;
    }

    MetricFamilySamples done() {
        return new MetricFamilySamples(name, type, help, samples);
    }
}
