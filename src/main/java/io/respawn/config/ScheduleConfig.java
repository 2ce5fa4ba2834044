package io.respawn.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** What happens to a service because of the time. */
public interface ScheduleConfig {

    /** When it is restarted: as {@code crontab} writes it by numbers, with seconds in front if need be, or {@code every 6h}. */
    Optional<String> restart();

    /** When it is started to run to its end, in the same form; it does not start with the sidecar then. */
    Optional<String> run();

    /** Whose times those are. */
    @WithConverter(Verbatim.class)
    @WithDefault("UTC")
    String timeZone();

    /** By how much each is put off at most, differently for each sidecar, service and time. */
    @WithConverter(Verbatim.class)
    @WithDefault("0s")
    String jitter();

    /** What follows when {@code run} comes while the last run is under way: {@code skip}, {@code queue} or {@code replace}. */
    @WithConverter(Verbatim.class)
    @WithDefault("skip")
    String overlap();

    /** What becomes of times that nobody was there for: {@code skip}, or {@code once} to make up for one of them. */
    @WithConverter(Verbatim.class)
    @WithDefault("skip")
    String missed();

    /** How late a time may be before it counts as missed. */
    @WithConverter(Verbatim.class)
    @WithDefault("1m")
    String missedAfter();

    /** How old a process may become before it is restarted; any age unless given. */
    Optional<String> maxAge();

    /** By how much less that is at most, differently for each process. */
    @WithConverter(Verbatim.class)
    @WithDefault("0s")
    String maxAgeSpread();
}
