package io.respawn.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;

/** Where the lines of a service go; the last ones are always remembered. */
public interface OutputConfig {

    /** How they are shown on the sidecar's own standard output: {@code prefix}, {@code json} or {@code none}. */
    @WithConverter(Verbatim.class)
    @WithDefault("prefix")
    String console();

    /** The file they are kept in; no file unless any of its keys is given. */
    Optional<File> file();

    /** Which lines are answered, by a name for each: 1 to 16 characters of a-z, 0-9 and '-'. */
    Map<String, TriggerConfig> triggers();

    /** Whether they go to the topic {@code respawn.output}, too; needs brokers. */
    @WithConverter(Verbatim.class)
    @WithDefault("false")
    String forward();

    /** A file for each instance, replaced by a fresh one when it is large or old. */
    interface File {

        /**
         * An absolute path, with <code>{instance}</code> where the index goes; {@code logs/<service>-<index>.log} in the
         * state directory unless given.
         */
        Optional<String> path();

        /** After which a fresh file begins, 4KiB to 1024GiB. */
        @WithConverter(Verbatim.class)
        @WithDefault("10MiB")
        String maxSize();

        /** After which a fresh file begins, at least 1s; or {@code off}. */
        @WithConverter(Verbatim.class)
        @WithDefault("off")
        String maxAge();

        /** How many files are kept, the one being written included, 1 to 1000. */
        @WithConverter(Verbatim.class)
        @WithDefault("5")
        String maxFiles();

        /** Whether files that are not written any more are compressed. */
        @WithConverter(Verbatim.class)
        @WithDefault("true")
        String compress();
    }
}
