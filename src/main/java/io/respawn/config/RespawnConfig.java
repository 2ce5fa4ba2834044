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

    /** How many orders are kept. */
    Intents intents();

    /** How often is looked at what services use. */
    Resources resources();

    /** When the sidecar loads itself anew without being told. */
    Respawn respawn();

    /** What concerns the API; its address stands under {@code quarkus.http}. */
    Http http();

    /** What runs, by name. */
    Map<String, ServiceConfig> services();

    /** Kafka as the sidecar uses it. */
    interface Kafka {

        /** How long a start without local state waits for Kafka before services start provisionally. */
        @WithConverter(Verbatim.class)
        @WithDefault("10s")
        String restoreWait();

        /** How often an idle sidecar writes its ledger, and looks after its topics and its claim. */
        @WithConverter(Verbatim.class)
        @WithDefault("5m")
        String heartbeat();
    }

    /** The sidecar's own log. */
    interface Log {

        /** {@code text} or {@code json}. */
        @WithConverter(Verbatim.class)
        @WithDefault("text")
        String format();
    }

    /** When the sidecar loads itself anew without being told. */
    interface Respawn {

        /** At these times, as {@code crontab} writes them: {@code 0 3 * * 0}; never unless given. */
        Optional<String> schedule();

        /** Whose times those are. */
        @WithConverter(Verbatim.class)
        @WithDefault("UTC")
        String timeZone();

        /** When so much of the heap is in use after a collection, such as {@code 90%}; not looked at unless given. */
        Optional<String> heapThreshold();

        /** For how long without a break. */
        @WithConverter(Verbatim.class)
        @WithDefault("5m")
        String heapTime();

        /** How long at least after the last respawn a full heap asks for another. */
        @WithConverter(Verbatim.class)
        @WithDefault("1h")
        String minInterval();
    }

    /** What services use. */
    interface Resources {

        /** From one look to the next, 100ms to 1h. */
        @WithConverter(Verbatim.class)
        @WithDefault("10s")
        String interval();
    }

    /** The API. */
    interface Http {

        /** Host names under which the API answers, besides 127.0.0.1 and localhost. */
        Optional<List<@WithConverter(Verbatim.class) String>> allowedHosts();
    }

    /** How many orders are kept. */
    interface Intents {

        /** How many may wait or be under way; what is ordered beyond that is rejected. */
        @WithConverter(Verbatim.class)
        @WithDefault("10000")
        String openCount();

        /** What those may take together. */
        @WithConverter(Verbatim.class)
        @WithDefault("8MiB")
        String openSize();

        /** How many are remembered after their end, so that an id that comes again is recognised. */
        @WithConverter(Verbatim.class)
        @WithDefault("20000")
        String endedCount();

        /** How long they are. */
        @WithConverter(Verbatim.class)
        @WithDefault("1d")
        String endedAge();
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
}
