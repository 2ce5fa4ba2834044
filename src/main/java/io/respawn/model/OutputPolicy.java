package io.respawn.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the lines of a service go, beside the memory of the last ones.
 *
 * @param console how they are shown on the sidecar's own standard output
 * @param file the file they are kept in, if any
 * @param triggers the lines that are answered, each by a name of its own
 * @param forward whether they go to a topic, too
 */
public record OutputPolicy(Console console, Optional<File> file, List<LineTrigger> triggers, boolean forward) {

    public static final OutputPolicy DEFAULT = new OutputPolicy(Console.PREFIX, Optional.empty());

    public OutputPolicy {
        triggers = List.copyOf(triggers);
    }

    /** To console and file alone, and no line is answered. */
    public OutputPolicy(Console console, Optional<File> file) {
        this(console, file, List.of(), false);
    }

    /** The same, forwarded or not. */
    public OutputPolicy forwarding(boolean forwarded) {
        return new OutputPolicy(console, file, triggers, forwarded);
    }

    /** How a line is shown. */
    public enum Console {
        /** With the name of the service before it. */
        PREFIX,
        /** As an object of JSON. */
        JSON,
        /** Not at all. */
        NONE
    }

    /**
     * A file that is replaced by a fresh one now and then. Each instance has its own.
     *
     * @param path absolute, with {@link #INSTANCE} where the instance's index goes; in the state directory if not said
     * @param maxSize in bytes, after which a fresh file begins
     * @param maxAge after which a fresh file begins; never if not said
     * @param maxFiles how many are kept, the one that is written included
     * @param compress whether those that are not written any more are compressed
     */
    public record File(Optional<String> path, long maxSize, Optional<Duration> maxAge, int maxFiles, boolean compress) {

        public static final File DEFAULT = new File(Optional.empty(), 10L << 20, Optional.empty(), 5, true);

        /** Stands in a path for the index of the instance. */
        public static final String INSTANCE = "{instance}";

        private static final long SMALLEST = 4L << 10;
        private static final long LARGEST = 1L << 40;
        private static final int MOST_FILES = 1000;

        public File {
            path.ifPresent(text -> {
                if (!text.startsWith("/") || text.endsWith("/") || text.indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("Cannot write to '" + Text.shown(text)
                            + "': an absolute path of a file is expected, such as /var/log/web.log");
                }
            });
            if (maxSize < SMALLEST || maxSize > LARGEST) {
                throw new IllegalArgumentException(
                        "Cannot use files of " + maxSize + " bytes: 4KiB to 1024GiB are allowed");
            }
            maxAge.ifPresent(age -> {
                if (age.compareTo(Duration.ofSeconds(1)) < 0) {
                    throw new IllegalArgumentException(
                            "Cannot use files for " + age + ": at least 1s is expected, or off");
                }
            });
            if (maxFiles < 1 || maxFiles > MOST_FILES) {
                throw new IllegalArgumentException(
                        "Cannot keep " + maxFiles + " files: 1 to " + MOST_FILES + " are allowed");
            }
        }

        /** Whether every instance gets a path of its own. */
        public boolean tellsInstancesApart() {
            return path.isEmpty() || path.get().contains(INSTANCE);
        }
    }
}
