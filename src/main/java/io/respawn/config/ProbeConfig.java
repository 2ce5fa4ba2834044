package io.respawn.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Names every key of a probe with its default; the keys are those of Kubernetes. Exactly one of the checks is given. */
public interface ProbeConfig {

    /** A yes when an HTTP GET on 127.0.0.1 answers 200 to 399. */
    Optional<HttpGet> httpGet();

    /** A yes when a TCP connection to 127.0.0.1 is accepted. */
    Optional<TcpSocket> tcpSocket();

    /** A yes when a command ends with exit code 0. */
    Optional<Exec> exec();

    /** From the spawn to the first probe. */
    @WithConverter(Verbatim.class)
    @WithDefault("0s")
    String initialDelay();

    /** From one probe to the next; shorter than in Kubernetes, since nothing has to cross a network. */
    @WithConverter(Verbatim.class)
    @WithDefault("1s")
    String period();

    /** How long one probe may take. */
    @WithConverter(Verbatim.class)
    @WithDefault("1s")
    String timeout();

    /** Successes in a row that count as a yes; always 1 for startup and liveness. */
    @WithConverter(Verbatim.class)
    @WithDefault("1")
    String successThreshold();

    /** Failures in a row that count as a no. */
    @WithConverter(Verbatim.class)
    @WithDefault("3")
    String failureThreshold();

    /** A probe of liveness. */
    interface Liveness extends ProbeConfig {

        /** What follows from a no: {@code restart}, or {@code none} to have it only reported. */
        @WithConverter(Verbatim.class)
        @WithDefault("restart")
        String action();

        /** Sent before the stop signal, such as SIGQUIT for the thread dump of a JVM; nothing unless given. */
        Optional<String> signal();
    }

    /** An HTTP request. */
    interface HttpGet {

        /** The port on 127.0.0.1. Required. */
        Optional<String> port();

        /** The path, query included. */
        @WithConverter(Verbatim.class)
        @WithDefault("/")
        String path();
    }

    /** A TCP connection. */
    interface TcpSocket {

        /** The port on 127.0.0.1. Required. */
        Optional<String> port();
    }

    /** A process beside the service, with its working directory and environment. */
    interface Exec {

        /** Program and arguments, no shell. Required. */
        Optional<List<@WithConverter(Verbatim.class) String>> command();
    }
}
