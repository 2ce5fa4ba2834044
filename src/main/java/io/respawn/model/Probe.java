package io.respawn.model;

import java.time.Duration;
import java.util.List;

/**
 * How Respawn asks a service how it is; the fields are those of Kubernetes.
 *
 * @param successThreshold successes in a row that count as a yes
 * @param failureThreshold failures in a row that count as a no
 */
public record Probe(
        Check check,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold) {

    public Probe {
        if (initialDelay.isNegative() || period.toMillis() < 10 || timeout.toMillis() < 10) {
            throw new IllegalArgumentException("Cannot use probe timings " + initialDelay + ", " + period + ", "
                    + timeout + ": period and timeout are at least 10ms, the initial delay is not negative");
        }
        if (successThreshold < 1 || failureThreshold < 1) {
            throw new IllegalArgumentException("Cannot use a probe threshold below 1");
        }
    }

    /** What one probe does. */
    public sealed interface Check {}

    /** A yes when this command ends with exit code 0; no shell. It runs with the service's directory and environment. */
    public record Exec(List<String> command) implements Check {
        public Exec {
            command = List.copyOf(command);
            if (command.isEmpty() || command.getFirst().isBlank()) {
                throw new IllegalArgumentException("Cannot probe by an empty command");
            }
        }
    }

    /** A yes when an HTTP GET on 127.0.0.1 answers 200 to 399. */
    public record HttpGet(int port, String path) implements Check {
        public HttpGet {
            checkPort(port);
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException(
                        "Cannot probe path '" + Text.shown(path) + "': it must begin with '/'");
            }
        }
    }

    /** A yes when a TCP connection to 127.0.0.1 is accepted. */
    public record TcpSocket(int port) implements Check {
        public TcpSocket {
            checkPort(port);
        }
    }

    private static void checkPort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("Cannot probe port " + port + ": 1 to 65535 are allowed");
        }
    }
}
