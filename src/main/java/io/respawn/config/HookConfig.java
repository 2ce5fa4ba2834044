package io.respawn.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Names every key of a hook; what it does is said as with probes. Exactly one of the actions is given. */
public interface HookConfig {

    /** An HTTP GET on 127.0.0.1, which goes well when 200 to 399 is answered. */
    Optional<ProbeConfig.HttpGet> httpGet();

    /** A TCP connection to 127.0.0.1, which goes well when it is accepted. */
    Optional<ProbeConfig.TcpSocket> tcpSocket();

    /** A command, which goes well when it ends with exit code 0. */
    Optional<ProbeConfig.Exec> exec();

    /** A hook before a start. */
    interface PreStart extends HookConfig {

        /** How long it may take. */
        @WithConverter(Verbatim.class)
        @WithDefault("30s")
        String timeout();

        /** What follows when it fails: {@code fail}, as a start that failed, or {@code skip}: there is nothing to start. */
        @WithConverter(Verbatim.class)
        @WithDefault("fail")
        String onFailure();
    }

    /** A hook after a start. */
    interface PostStart extends HookConfig {

        /** How long it may take; {@code start-timeout} counts as well. */
        @WithConverter(Verbatim.class)
        @WithDefault("30s")
        String timeout();

        /** What follows when it fails: {@code restart}, or {@code ignore} to have it only reported. */
        @WithConverter(Verbatim.class)
        @WithDefault("restart")
        String onFailure();
    }

    /** A hook before a stop. */
    interface PreStop extends HookConfig {

        /** How long it may take, and not longer than the first step of the stop. */
        @WithConverter(Verbatim.class)
        @WithDefault("5s")
        String timeout();
    }

    /** A hook after the end. */
    interface PostStop extends HookConfig {

        /** How long it may take. */
        @WithConverter(Verbatim.class)
        @WithDefault("30s")
        String timeout();
    }
}
