package io.respawn.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names every key of a service with its default; all values are text, as in {@link RespawnConfig}. */
public interface ServiceConfig {

    /** Program and arguments, no shell. Required. */
    Optional<List<@WithConverter(Verbatim.class) String>> command();

    /** Where the program starts; the sidecar's own directory unless given. */
    Optional<String> workingDirectory();

    /** Added to the sidecar's own environment; the values are secrets and are never shown. */
    Map<String, @WithConverter(Verbatim.class) String> environment();

    /** What it gets of the sidecar's own environment: names, {@code LC_*} for all that begin so; {@code all} or {@code none}. */
    Optional<List<@WithConverter(Verbatim.class) String>> inheritEnvironment();

    /** Files of lines {@code NAME=value}, read at each start; the values are never shown. */
    Optional<List<@WithConverter(Verbatim.class) String>> environmentFiles();

    /** By variable, the file whose contents are its value, read at each start; never shown. */
    Map<String, @WithConverter(Verbatim.class) String> secretEnvironment();

    /** The user it runs as, by name or number; the sidecar's unless given. */
    Optional<String> user();

    /** Its group, by name or number; the primary one of {@code user} unless given. */
    Optional<String> group();

    /** Its further groups; those that {@code user} is a member of unless given. */
    Optional<List<@WithConverter(Verbatim.class) String>> supplementaryGroups();

    /** Which bits new files do not get, in octal. */
    Optional<String> umask();

    /** Whether no program that it loads may gain rights, as by a set-user-id bit. */
    @WithConverter(Verbatim.class)
    @WithDefault("false")
    String noNewPrivileges();

    /** What it may use, {@code nice} and {@code oom-score-adj}; as the sidecar unless given. */
    Map<String, @WithConverter(Verbatim.class) String> limits();

    /** The control group (version 2) that it runs in. */
    Optional<String> cgroup();

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

    /** Who goes first when both are on their way up; it runs without them all the same. */
    Optional<List<@WithConverter(Verbatim.class) String>> after();

    /** What follows when it ends on its own. */
    Restart restart();

    /** From spawn to ready. */
    @WithConverter(Verbatim.class)
    @WithDefault("30s")
    String startTimeout();

    /**
     * Whether it says by the notify socket (as in {@code sd_notify}) that it has come up, and how it is from then on.
     */
    @WithName("notify")
    @WithConverter(Verbatim.class)
    @WithDefault("false")
    String notifies();

    /** The longest silence at the notify socket once it is up; none is too long unless given. Only with {@code notify}. */
    Optional<String> watchdog();

    /** A regular expression: the first line of its output that it is found in says that it has come up. */
    Optional<String> readyLine();

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

    /** Where its lines go. */
    OutputConfig output();

    /** What it may use before it is restarted; as much as it likes unless given. */
    Optional<ResourcesConfig> resources();

    /** What happens to it because of the time. */
    ScheduleConfig schedule();

    /** What is done at the turns of its processes. */
    Hooks hooks();

    /** What is done when. */
    interface Hooks {

        /** Before each start, which only follows when this goes well. */
        Optional<HookConfig.PreStart> preStart();

        /** Once it has come up, before it is asked whether it is ready. */
        Optional<HookConfig.PostStart> postStart();

        /** Before it is asked to end, in the time of the first step of its stop. */
        Optional<HookConfig.PreStop> preStop();

        /** After its end, before anything is started in its place; a command is told how it ended. */
        Optional<HookConfig.PostStop> postStop();
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

        /** How often it may be restarted by order; as often as the budget allows unless given. */
        Optional<Rate> rate();

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

    /** How often something may happen. */
    interface Rate {

        /** How often per interval in the long run. */
        @WithConverter(Verbatim.class)
        @WithDefault("1")
        String permits();

        /** The interval. */
        @WithConverter(Verbatim.class)
        @WithDefault("1m")
        String interval();

        /** How often in a row after a calm time. */
        @WithConverter(Verbatim.class)
        @WithDefault("3")
        String burst();
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

        /** Steps in place of the signal and its grace period; SIGKILL follows the last. */
        List<StopStep> steps();
    }

    /** One way of asking for the end. */
    interface StopStep {

        /** The signal; this or {@code command}. */
        Optional<String> signal();

        /** A command that asks; this or {@code signal}. No shell; when it fails, the next step follows at once. */
        Optional<List<@WithConverter(Verbatim.class) String>> command();

        /** How long the end is waited for before the next step. Required. */
        @WithName("wait")
        Optional<String> waiting();
    }
}
