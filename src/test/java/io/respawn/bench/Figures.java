package io.respawn.bench;

import java.util.List;

/** Measured values in order. */
record Figures(List<Double> sorted) {

    Figures {
        sorted = sorted.stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("Cannot say anything about no values at all");
        }
    }

    double p50() {
        return at(0.5);
    }

    double p99() {
        return at(0.99);
    }

    private double at(double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part));
    }
}
