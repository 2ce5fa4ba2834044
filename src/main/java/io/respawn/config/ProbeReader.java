package io.respawn.config;

import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.Signal;
import io.respawn.model.Text;
import java.time.Duration;
import java.util.Optional;

/** Reads the probes of a service. */
final class ProbeReader {

    private static final Probe ANY =
            new Probe(new Probe.TcpSocket(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 3);

    /** What follows from a liveness probe's no. */
    private enum Consequence {
        RESTART,
        NONE
    }

    private final String path;
    private final ProbeConfig raw;
    private final Mistakes mistakes;
    private final Fields fields;

    private ProbeReader(String path, ProbeConfig raw, Mistakes mistakes) {
        this.path = path;
        this.raw = raw;
        this.mistakes = mistakes;
        this.fields = new Fields(path, mistakes);
    }

    /** All probes of the service at the path. */
    static Probes all(String path, ServiceConfig raw, Mistakes mistakes) {
        return new Probes(
                raw.startupProbe()
                        .flatMap(probe -> new ProbeReader(Paths.join(path, "startup-probe"), probe, mistakes).once()),
                raw.readinessProbe()
                        .flatMap(
                                probe -> new ProbeReader(Paths.join(path, "readiness-probe"), probe, mistakes).probe()),
                raw.livenessProbe()
                        .flatMap(probe ->
                                new ProbeReader(Paths.join(path, "liveness-probe"), probe, mistakes).liveness(probe)));
    }

    private Optional<Probes.Liveness> liveness(ProbeConfig.Liveness said) {
        Optional<Probe> probe = once();
        Consequence action = fields.read("action", said.action(), text -> Values.word(text, Consequence.class))
                .orElse(Consequence.RESTART);
        Optional<Signal> first = said.signal().flatMap(text -> fields.read("signal", text, Values::signal));
        if (action == Consequence.NONE && said.signal().isPresent()) {
            mistakes.add(
                    Paths.join(path, "signal"),
                    "Cannot send a signal before a stop that the action 'none' never begins: remove the signal or the"
                            + " action");
        }
        return probe.map(each -> new Probes.Liveness(each, first, action == Consequence.RESTART));
    }

    /** A probe of which one success says all. */
    private Optional<Probe> once() {
        Optional<Probe> probe = probe();
        if (probe.filter(each -> each.successThreshold() > 1).isPresent()) {
            mistakes.add(
                    Paths.join(path, "success-threshold"),
                    "Cannot ask for more than one success here: only a readiness probe counts them; remove the key");
        }
        return probe;
    }

    private Optional<Probe> probe() {
        Optional<Probe.Check> check =
                new CheckReader(path, "Cannot probe", mistakes).read(raw.httpGet(), raw.tcpSocket(), raw.exec());
        Duration initialDelay = fields.read("initial-delay", raw.initialDelay(), Values::duration)
                .orElse(ANY.initialDelay());
        Duration period =
                fields.read("period", raw.period(), ProbeReader::timing).orElse(ANY.period());
        Duration timeout =
                fields.read("timeout", raw.timeout(), ProbeReader::timing).orElse(ANY.timeout());
        int successes = fields.read("success-threshold", raw.successThreshold(), ProbeReader::threshold)
                .orElse(ANY.successThreshold());
        int failures = fields.read("failure-threshold", raw.failureThreshold(), ProbeReader::threshold)
                .orElse(ANY.failureThreshold());
        return check.flatMap(
                c -> mistakes.attempt(path, () -> new Probe(c, initialDelay, period, timeout, successes, failures)));
    }

    private static Duration timing(String text) {
        Duration timing = Values.duration(text);
        if (timing.toMillis() < 10) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(text) + "': at least 10ms are expected");
        }
        return timing;
    }

    private static int threshold(String text) {
        int threshold = Values.integer(text);
        if (threshold < 1) {
            throw new IllegalArgumentException("Cannot use a threshold of " + threshold + ": 1 or more is expected");
        }
        return threshold;
    }
}
