package io.respawn.linux;

import java.nio.file.Path;
import java.util.List;

/**
 * Says what to start; {@link Spawn} adds nothing to it but a clean beginning.
 *
 * @param executable the absolute path of the program, see {@link Executables}
 * @param arguments its arguments, the name it goes by first
 * @param environment its whole environment, as {@code NAME=value}
 * @param workingDirectory the absolute path of the directory it starts in
 * @param output its standard output
 * @param errors its standard error
 * @param setup what else it is given
 */
public record SpawnRequest(
        Path executable,
        List<String> arguments,
        List<String> environment,
        Path workingDirectory,
        Stream output,
        Stream errors,
        ProcessSetup setup) {

    /** A process that is given nothing else. */
    public SpawnRequest(
            Path executable,
            List<String> arguments,
            List<String> environment,
            Path workingDirectory,
            Stream output,
            Stream errors) {
        this(executable, arguments, environment, workingDirectory, output, errors, ProcessSetup.NONE);
    }

    /** Where a stream of the child goes. */
    public sealed interface Stream {

        /**
         * To an open descriptor of ours, which stays ours to close.
         *
         * @param fd the descriptor; close-on-exec does not matter
         */
        record ToDescriptor(int fd) implements Stream {}

        /**
         * To a named pipe that is open here, so that it is known to be there; the child opens it for itself by its name, for
         * reading and writing.
         *
         * @param end any end of it
         */
        record ToPipe(Fifo.End end) implements Stream {}

        /**
         * To the end of a file, made with mode 0600 if there is none.
         *
         * @param file a regular file: opening anything else might wait
         */
        record ToFile(Path file) implements Stream {}

        /** Nowhere. */
        record Discarded() implements Stream {}
    }

    /** Copies the lists, insists on absolute paths and on streams that do not overwrite each other. */
    public SpawnRequest {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot start " + executable + " without arguments; give its name first");
        }
        requireAbsolute(executable, "executable");
        requireAbsolute(workingDirectory, "working directory");
        requireSource(output, 1);
        requireSource(errors, 2);
    }

    private static void requireAbsolute(Path path, String what) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(
                    "Cannot start with the " + what + " '" + path + "'; resolve it to an absolute path");
        }
    }

    /** The child's 0, 1 and 2 are put in order, so a source among them would be overwritten before its turn. */
    private static void requireSource(Stream stream, int target) {
        if (stream instanceof Stream.ToDescriptor(int fd) && fd < 3 && fd != target) {
            throw new IllegalArgumentException("Cannot send the child's descriptor " + target + " to " + fd
                    + "; give a descriptor above 2, or its own");
        }
    }
}
