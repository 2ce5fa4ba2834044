package io.respawn.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Knows the shape of everything under {@code respawn}, and which designed keys this version does not have yet. */
final class Schema {

    /** What may stand at a place. */
    sealed interface Shape {}

    /** One value. */
    record Scalar() implements Shape {}

    /** A list of values. */
    record Texts() implements Shape {}

    /** A list of tables. */
    record Rows(Shape each) implements Shape {}

    /** A map with fixed keys. */
    record Table(boolean mayBeEmpty, Map<String, Shape> keys) implements Shape {

        /** What can be used today, sorted. */
        List<String> available() {
            return keys.entrySet().stream()
                    .filter(entry -> !(entry.getValue() instanceof Later))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
        }
    }

    /** A map with free keys. */
    record Named(Shape each) implements Shape {}

    /** A key that a later version has. */
    record Later() implements Shape {}

    /** What belongs to the framework or to Kafka's client: not ours to judge. */
    record Foreign() implements Shape {}

    private static final Shape SCALAR = new Scalar();
    private static final Shape TEXTS = new Texts();
    private static final Shape LATER = new Later();

    static final Table RESPAWN = new Table(
            true,
            keys(
                    Map.of(
                            "id", SCALAR,
                            "labels", new Named(SCALAR),
                            "state-directory", SCALAR,
                            "first-position", SCALAR,
                            "state-partitions", SCALAR,
                            "create-topics", SCALAR,
                            "shutdown-timeout", SCALAR),
                    Map.of(
                            "kafka",
                            new Table(true, Map.of("restore-wait", SCALAR, "heartbeat", SCALAR)),
                            "log",
                            new Table(true, Map.of("format", SCALAR)),
                            "respawn",
                            new Table(
                                    true,
                                    Map.of(
                                            "schedule", SCALAR,
                                            "time-zone", SCALAR,
                                            "heap-threshold", SCALAR,
                                            "heap-time", SCALAR,
                                            "min-interval", SCALAR)),
                            "http",
                            new Table(true, Map.of("allowed-hosts", TEXTS)),
                            "services",
                            new Named(service())),
                    Map.of(
                            "budget",
                            new Table(
                                    true,
                                    Map.of(
                                            "permits",
                                            SCALAR,
                                            "interval",
                                            SCALAR,
                                            "burst",
                                            SCALAR,
                                            "max-starting",
                                            SCALAR)),
                            "intents",
                            new Table(
                                    true,
                                    Map.of(
                                            "open-count",
                                            SCALAR,
                                            "open-size",
                                            SCALAR,
                                            "ended-count",
                                            SCALAR,
                                            "ended-age",
                                            SCALAR)),
                            "on-fenced",
                            LATER,
                            "resources",
                            new Table(true, Map.of("interval", SCALAR)))));

    private Schema() {}

    private static Table service() {
        return new Table(
                false,
                keys(
                        Map.of(
                                "command", TEXTS,
                                "working-directory", SCALAR,
                                "environment", new Named(SCALAR),
                                "instances", SCALAR,
                                "autostart", SCALAR,
                                "essential", SCALAR,
                                "infrastructure", SCALAR,
                                "depends-on", new Named(SCALAR),
                                "start-timeout", SCALAR,
                                "signals", TEXTS),
                        Map.of(
                                "ends-sidecar",
                                SCALAR,
                                "priority",
                                SCALAR,
                                "after",
                                TEXTS,
                                "restart",
                                restart(),
                                "stop",
                                stop(),
                                "startup-probe",
                                probe(Map.of()),
                                "readiness-probe",
                                probe(Map.of()),
                                "liveness-probe",
                                probe(Map.of("action", SCALAR, "signal", SCALAR)),
                                "output",
                                output()),
                        Map.of("notify", SCALAR, "watchdog", SCALAR, "ready-line", SCALAR, "hooks", hooks()),
                        setup(),
                        Map.of("resources", resources()),
                        Map.of("schedule", schedule(), "watch", LATER)));
    }

    private static Table schedule() {
        return new Table(
                true,
                Map.of(
                        "restart", SCALAR,
                        "run", SCALAR,
                        "time-zone", SCALAR,
                        "jitter", SCALAR,
                        "overlap", SCALAR,
                        "missed", SCALAR,
                        "missed-after", SCALAR,
                        "max-age", SCALAR,
                        "max-age-spread", SCALAR));
    }

    private static Map<String, Shape> setup() {
        return Map.of(
                "inherit-environment", TEXTS,
                "environment-files", TEXTS,
                "secret-environment", new Named(SCALAR),
                "user", SCALAR,
                "group", SCALAR,
                "supplementary-groups", TEXTS,
                "umask", SCALAR,
                "no-new-privileges", SCALAR,
                "limits", new Named(SCALAR),
                "cgroup", SCALAR);
    }

    private static Table resources() {
        return new Table(
                false, Map.of("max-memory", SCALAR, "max-memory-grace", SCALAR, "max-memory-interval", SCALAR));
    }

    private static Table restart() {
        Map<String, Shape> backoff =
                Map.of("delay", SCALAR, "factor", SCALAR, "limit", SCALAR, "jitter", SCALAR, "reset-after", SCALAR);
        return new Table(
                true,
                Map.of(
                        "policy",
                        SCALAR,
                        "success-exit-codes",
                        TEXTS,
                        "backoff",
                        new Table(true, backoff),
                        "rules",
                        new Rows(new Table(false, Map.of("exit-codes", TEXTS, "signals", TEXTS, "action", SCALAR))),
                        "limit",
                        new Table(true, Map.of("count", SCALAR, "interval", SCALAR, "retry-after", SCALAR)),
                        "rate",
                        new Table(true, Map.of("permits", SCALAR, "interval", SCALAR, "burst", SCALAR)),
                        "scope",
                        SCALAR));
    }

    private static Table stop() {
        Table step = new Table(false, Map.of("signal", SCALAR, "command", TEXTS, "wait", SCALAR));
        return new Table(true, Map.of("signal", SCALAR, "grace-period", SCALAR, "steps", new Rows(step)));
    }

    private static Table output() {
        Map<String, Shape> file =
                Map.of("path", SCALAR, "max-size", SCALAR, "max-age", SCALAR, "max-files", SCALAR, "compress", SCALAR);
        Map<String, Shape> trigger = Map.of(
                "pattern", SCALAR, "action", SCALAR, "signal", SCALAR, "min-interval", SCALAR, "show-line", SCALAR);
        return new Table(
                true,
                Map.of(
                        "console",
                        SCALAR,
                        "forward",
                        SCALAR,
                        "file",
                        new Table(false, file),
                        "triggers",
                        new Named(new Table(false, trigger))));
    }

    private static Table hooks() {
        Map<String, Shape> timeout = Map.of("timeout", SCALAR);
        Map<String, Shape> consequence = Map.of("on-failure", SCALAR);
        return new Table(
                true,
                Map.of(
                        "pre-start", new Table(false, keys(checks(), timeout, consequence)),
                        "post-start", new Table(false, keys(checks(), timeout, consequence)),
                        "pre-stop", new Table(false, keys(checks(), timeout)),
                        "post-stop", new Table(false, keys(checks(), timeout))));
    }

    private static Map<String, Shape> checks() {
        return Map.of(
                "http-get", new Table(false, Map.of("port", SCALAR, "path", SCALAR)),
                "tcp-socket", new Table(false, Map.of("port", SCALAR)),
                "exec", new Table(false, Map.of("command", TEXTS)));
    }

    private static Table probe(Map<String, Shape> further) {
        return new Table(
                false,
                keys(
                        checks(),
                        Map.of("grpc", LATER),
                        Map.of(
                                "initial-delay", SCALAR,
                                "period", SCALAR,
                                "timeout", SCALAR,
                                "success-threshold", SCALAR,
                                "failure-threshold", SCALAR),
                        further));
    }

    @SafeVarargs
    private static Map<String, Shape> keys(Map<String, Shape>... parts) {
        Map<String, Shape> all = new TreeMap<>();
        for (Map<String, Shape> part : parts) {
            all.putAll(part);
        }
        return all;
    }
}
