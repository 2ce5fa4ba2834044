package io.respawn.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the command line cannot do by itself: it is handed in by the program's entry. */
public interface Sidecar {

    /** Becomes the sidecar; answers with the exit code when it leaves. */
    int run(RunRequest request);

    /** Reads the configuration and says what is wrong with it. */
    Checked check(Optional<Path> configuration);

    /**
     * How to run.
     *
     * @param configuration the file, when it was named
     * @param id the sidecar's id, when it was said: it wins over the configuration
     */
    record RunRequest(Optional<Path> configuration, Optional<String> id) {}

    /** What is to be said about a configuration. */
    sealed interface Checked {

        /** Nothing is wrong. */
        record Fine(int services) implements Checked {}

        /** One line a mistake, each with its path. */
        record Faulty(List<String> mistakes) implements Checked {
            public Faulty {
                mistakes = List.copyOf(mistakes);
            }
        }
    }
}
