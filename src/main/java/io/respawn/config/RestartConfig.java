package io.respawn.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** What follows when a process ends on its own. */
public interface RestartConfig {

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
}
