package io.respawn.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** What a service may use before it is restarted. */
public interface ResourcesConfig {

    /** The memory that its processes may hold together, at least 1MiB. Required. */
    Optional<String> maxMemory();

    /** For how long it may be above that, without a break. */
    @WithConverter(Verbatim.class)
    @WithDefault("30s")
    String maxMemoryGrace();

    /** How long at least after such a restart the next one follows, at least 1s. */
    @WithConverter(Verbatim.class)
    @WithDefault("10m")
    String maxMemoryInterval();
}
