package io.respawn.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usual command lines of {@code run} by itself: services wait for it, and the library for command lines takes a
 * tenth of a second to tell the same. Whatever looks unusual, mistakes among it, is left to the library.
 */
final class RunLine {

    private static final String CONFIGURATION = "--config";
    private static final String ID = "--id";

    private RunLine() {}

    /** What is asked for; empty if the library should say. */
    static Optional<Sidecar.RunRequest> read(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("run")) {
            return Optional.empty();
        }
        String configuration = null;
        String id = null;
        int i = 1;
        while (i < arguments.length) {
            int equals = arguments[i].indexOf('=');
            String name = equals < 0 ? arguments[i] : arguments[i].substring(0, equals);
            String value = equals < 0 ? next(arguments, ++i) : arguments[i].substring(equals + 1);
            i++;
            if (value == null || !isPlain(value)) {
                return Optional.empty();
            }
            if (name.equals(CONFIGURATION) && configuration == null) {
                configuration = value;
            } else if (name.equals(ID) && id == null) {
                id = value;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(
                new Sidecar.RunRequest(Optional.ofNullable(configuration).map(Path::of), Optional.ofNullable(id)));
    }

    private static @Nullable String next(String[] arguments, int i) {
        return i < arguments.length ? arguments[i] : null;
    }

    /** Neither an option, nor the name of a file of arguments, nor in quotes. */
    private static boolean isPlain(String value) {
        return !value.isBlank() && "-@\"'".indexOf(value.charAt(0)) < 0 && value.indexOf('\0') < 0;
    }
}
