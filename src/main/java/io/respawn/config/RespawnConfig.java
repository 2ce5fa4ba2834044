package io.respawn.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names every key under {@code respawn} with its default. All values are text here: they are read afterwards, one by
 * one, so that every mistake is found in one go. An absent default means that the key may be left out.
 */
@ConfigMapping(prefix = "respawn")
public interface RespawnConfig {

    /** Names this sidecar; the host name in lower case unless given. */
    Optional<String> id();

    /** What a broadcast command can select this sidecar by. */
    Map<String, @WithConverter(Verbatim.class) String> labels();

    /** Where the local journal is kept, an absolute path; {@code /run/respawn/<id>} or the next best place unless given. */
    Optional<String> stateDirectory();

    /** Where the very first start begins to read commands: {@code latest} or {@code earliest}. */
    @WithConverter(Verbatim.class)
    @WithDefault("latest")
    String firstPosition();

    /** How many partitions of the state topic are used, 1 to 1000; the same for all sidecars of a topic. */
    @WithConverter(Verbatim.class)
    @WithDefault("16")
    String statePartitions();

    /** Whether topics that do not exist are created. */
    @WithConverter(Verbatim.class)
    @WithDefault("true")
    String createTopics();

    /** How long leaving may take altogether, from the first stop signal to the end of the sidecar. */
    @WithConverter(Verbatim.class)
    @WithDefault("60s")
    String shutdownTimeout();

    /** What concerns Kafka beside the client's own keys, which stand under {@code kafka}. */
    Kafka kafka();

    /** What concerns the sidecar's own log. */
    Log log();

    /** How many restarts are released over all services. */
    Budget budget();

    /** What runs, by name. */
    Map<String, Service> services();

    /** Kafka as the sidecar uses it. */
    interface Kafka {

        /** How long a start without local state waits for Kafka before services start provisionally. */
        @WithConverter(Verbatim.class)
        @WithDefault("10s")
        String restoreWait();
    }

    /** The sidecar's own log. */
    interface Log {

        /** {@code text} or {@code json}. */
        @WithConverter(Verbatim.class)
        @WithDefault("text")
        String format();
    }

    /** A service. */
    interface Service {

        /** Program and arguments, no shell. Required. */
        Optional<List<@WithConverter(Verbatim.class) String>> command();

        /** Where the program starts; the sidecar's own directory unless given. */
        Optional<String> workingDirectory();

        /** Added to the sidecar's own environment; the values are secrets and are never shown. */
        Map<String, @WithConverter(Verbatim.class) String> environment();

        /** How many copies run, 1 to 1000. */
        @WithConverter(Verbatim.class)
        @WithDefault("1")
        String instances();

        /** Whether it starts with the sidecar. */
        @WithConverter(Verbatim.class)
        @WithDefault("true")
        String autostart();

        /** Whether the sidecar is ready only when this service is. */
        @WithConverter(Verbatim.class)
        @WithDefault("false")
        String essential();

        /** Whether the sidecar leaves, with its exit code, when it is over for good. */
        @WithConverter(Verbatim.class)
        @WithDefault("false")
        String endsSidecar();

        /** -100 to 100; of those that wait for the budget the higher one goes first. */
        @WithConverter(Verbatim.class)
        @WithDefault("0")
        String priority();

        /**
         * Whether it carries what the sidecar itself needs, such as an embedded Kafka: it starts before the state is
         * restored and stops last, after the final flush.
         */
        @WithConverter(Verbatim.class)
        @WithDefault("false")
        String infrastructure();

        /** What it waits for: service to {@code started}, {@code ready}, {@code completed} or {@code completed-successfully}. */
        Map<String, @WithConverter(Verbatim.class) String> dependsOn();

        /** What follows when it ends on its own. */
        Restart restart();

        /** From spawn to ready. */
        @WithConverter(Verbatim.class)
        @WithDefault("30s")
        String startTimeout();

        /** How it is asked to end. */
        Stop stop();

        /** How the sidecar finds out that it has come up; until then the other probes are not asked. A no ends it. */
        Optional<ProbeConfig> startupProbe();

        /** How the sidecar finds out that it is ready; ready at once unless given. */
        Optional<ProbeConfig> readinessProbe();

        /** How the sidecar finds out that it is still sane. A no ends it, unless the action is another. */
        Optional<ProbeConfig.Liveness> livenessProbe();

        /** The signals that a command may send; HUP, INT, TERM, USR1 and USR2 unless given. */
        Optional<List<@WithConverter(Verbatim.class) String>> signals();
    }

    /** What follows when a process ends on its own. */
    interface Restart {

        /** {@code always}, {@code on-failure} or {@code never}. */
        @WithConverter(Verbatim.class)
        @WithDefault("always")
        String policy();

        /** The exit codes that count as success; 0 unless given. */
        Optional<List<@WithConverter(Verbatim.class) String>> successExitCodes();

        /** Looked at in order before the policy; the first that matches decides. */
        List<Rule> rules();

        /** How the delay before a restart grows. */
        Backoff backoff();

        /** When it is given up; never unless given. */
        Optional<Limit> limit();

        /** Who is restarted with it: {@code self}, or {@code dependents} too. */
        @WithConverter(Verbatim.class)
        @WithDefault("self")
        String scope();
    }

    /** What follows from certain ends. */
    interface Rule {

        /** Exit codes, 0 to 255; with no codes and no signals the rule matches every end. */
        Optional<List<@WithConverter(Verbatim.class) String>> exitCodes();

        /** Signals that ended it, by name or number. */
        Optional<List<@WithConverter(Verbatim.class) String>> signals();

        /** {@code restart}, {@code success}, {@code stop} or {@code give-up}. Required. */
        Optional<String> action();
    }

    /** When a service that ends again and again is given up. */
    interface Limit {

        /** Ends that are allowed within the interval, 1 to 1000. */
        @WithConverter(Verbatim.class)
        @WithDefault("5")
        String count();

        /** The interval. */
        @WithConverter(Verbatim.class)
        @WithDefault("60s")
        String interval();

        /** When it is tried again by itself; only by an order unless given. */
        Optional<String> retryAfter();
    }

    /** How many restarts are released over all services; crash restarts and ordered ones have one each. */
    interface Budget {

        /** Permits per interval. */
        @WithConverter(Verbatim.class)
        @WithDefault("10")
        String permits();

        /** The interval. */
        @WithConverter(Verbatim.class)
        @WithDefault("10s")
        String interval();

        /** How many may go at once after a calm time. */
        @WithConverter(Verbatim.class)
        @WithDefault("20")
        String burst();

        /** How many instances may be between spawn and ready at the same time. */
        @WithConverter(Verbatim.class)
        @WithDefault("8")
        String maxStarting();
    }

    /** How the delay before a restart grows. */
    interface Backoff {

        /** Before the first restart. */
        @WithConverter(Verbatim.class)
        @WithDefault("500ms")
        String delay();

        /** By which each further delay grows, 1 to 100. */
        @WithConverter(Verbatim.class)
        @WithDefault("2.0")
        String factor();

        /** The longest delay before jitter. */
        @WithConverter(Verbatim.class)
        @WithDefault("30s")
        String limit();

        /** Share of the delay that is added at random, 0 to 1. */
        @WithConverter(Verbatim.class)
        @WithDefault("0.1")
        String jitter();

        /** A run of at least this length counts as stable: the next delay is the first again. */
        @WithConverter(Verbatim.class)
        @WithDefault("30s")
        String resetAfter();
    }

    /** How a service is asked to end. */
    interface Stop {

        /** The signal that is sent first. */
        @WithConverter(Verbatim.class)
        @WithDefault("SIGTERM")
        String signal();

        /** From that signal to SIGKILL. */
        @WithConverter(Verbatim.class)
        @WithDefault("10s")
        String gracePeriod();
    }
}
