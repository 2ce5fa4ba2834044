package io.respawn.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** A line of output that is answered. */
public interface TriggerConfig {

    /** A regular expression, found anywhere in the first 4096 characters of a line. Required. */
    Optional<String> pattern();

    /** What follows: {@code report} (an event), {@code restart} or {@code signal}. */
    @WithConverter(Verbatim.class)
    @WithDefault("report")
    String action();

    /** What is sent; with the action {@code signal} only, and one of {@code signals}. */
    Optional<String> signal();

    /** How long at least from one answer to the next, at least 1s. */
    @WithConverter(Verbatim.class)
    @WithDefault("1m")
    String minInterval();

    /** Whether the line stands in the reason, where everybody can read it. */
    @WithConverter(Verbatim.class)
    @WithDefault("false")
    String showLine();
}
