package io.respawn.config;

import io.respawn.model.Probe;
import io.respawn.model.Text;
import java.time.Duration;
import java.util.Optional;

/** Reads a readiness probe. */
final class ProbeReader {

    private static final Probe ANY = new Probe(
            new Probe.TcpSocket(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 3);

    private ProbeReader() {}

    static Optional<Probe> read(String path, RespawnConfig.Probe raw, Mistakes mistakes) {
        Fields fields = new Fields(path, mistakes);
        Optional<Probe.Check> check = check(path, raw, mistakes);
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
        return check.flatMap(c -> mistakes.attempt(
                path, () -> new Probe(c, initialDelay, period, timeout, successes, failures)));
    }

    private static Optional<Probe.Check> check(
            String path, RespawnConfig.Probe raw, Mistakes mistakes) {
        if (raw.httpGet().isPresent() == raw.tcpSocket().isPresent()) {
            String found = raw.httpGet().isPresent() ? "two checks" : "no check";
            mistakes.add(path, "Cannot probe with " + found + ": give either 'http-get' or 'tcp-socket'");
            return Optional.empty();
        }
        return raw.httpGet()
                .map(get -> http(new Fields(Paths.join(path, "http-get"), mistakes), get))
                .orElseGet(() -> raw.tcpSocket().flatMap(socket -> {
                    Fields fields = new Fields(Paths.join(path, "tcp-socket"), mistakes);
                    return fields.read("port", socket.port().orElse(""), ProbeReader::port)
                            .map(Probe.TcpSocket::new);
                }));
    }

    private static Optional<Probe.Check> http(Fields fields, RespawnConfig.HttpGet raw) {
        Optional<Integer> port = fields.read("port", raw.port().orElse(""), ProbeReader::port);
        Optional<String> path = fields.read("path", raw.path(), text -> new Probe.HttpGet(1, text).path());
        return port.flatMap(p -> path.map(text -> new Probe.HttpGet(p, text)));
    }

    private static int port(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("Cannot probe without a port: give one of 1 to 65535");
        }
        return new Probe.TcpSocket(Values.integer(text)).port();
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
