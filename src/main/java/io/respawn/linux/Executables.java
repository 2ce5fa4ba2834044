package io.respawn.linux;

import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Stage;
import io.respawn.linux.libc.Unistd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the file of a command as a shell would, so that an error can name it. */
public final class Executables {

    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Executables() {}

    /** What a search brings. */
    public sealed interface Resolution {

        /**
         * The file.
         *
         * @param executable its absolute path
         */
        record Found(Path executable) implements Resolution {}

        /**
         * There is none.
         *
         * @param failure says so, in the form of a failed spawn
         */
        record Missing(Failed failure) implements Resolution {}
    }

    /**
     * Finds a command: with a slash in it a path, seen from the working directory; without one a name to be looked for along
     * the PATH of the child's environment.
     */
    public static Resolution find(String command, List<String> environment, Path workingDirectory) {
        if (command.isEmpty()) {
            return missing(Errno.ENOENT, "Cannot start an empty command; name a program");
        }
        if (command.indexOf('/') >= 0) {
            Path file = workingDirectory.resolve(command).normalize();
            return check(file);
        }
        return search(command, path(environment), workingDirectory);
    }

    private static Resolution search(String command, String path, Path workingDirectory) {
        List<Path> forbidden = new ArrayList<>();
        for (String directory : path.split(":", -1)) {
            Path file = workingDirectory.resolve(directory).resolve(command).normalize();
            if (Files.isRegularFile(file)) {
                if (executable(file) == 0) {
                    return new Resolution.Found(file);
                }
                forbidden.add(file);
            }
        }
        if (!forbidden.isEmpty()) {
            return check(forbidden.getFirst());
        }
        return missing(
                Errno.ENOENT,
                "Cannot find the program '" + command + "' in PATH (" + path + "); give its path or extend PATH");
    }

    private static Resolution check(Path file) {
        if (Files.isDirectory(file)) {
            return new Resolution.Missing(new Failed(
                    Stage.EXECUTABLE, Errno.EISDIR, "Cannot start " + file + ": it is a directory; name a program"));
        }
        int result = executable(file);
        if (result == 0) {
            return new Resolution.Found(file);
        }
        Errno errno = Errno.of(result);
        if (errno.equals(Errno.EACCES) || errno.equals(Errno.EPERM)) {
            return new Resolution.Missing(new Failed(
                    Stage.PERMISSION,
                    errno,
                    "Cannot start " + file + ": " + errno + "; allow this user to execute it"));
        }
        return missing(errno, "Cannot start " + file + ": " + errno);
    }

    private static int executable(Path file) {
        return Unistd.access(file.toString(), Unistd.X_OK);
    }

    private static Resolution missing(Errno errno, String words) {
        return new Resolution.Missing(new Failed(Stage.EXECUTABLE, errno, words));
    }

    private static String path(List<String> environment) {
        return environment.stream()
                .filter(entry -> entry.startsWith("PATH="))
                .map(entry -> entry.substring("PATH=".length()))
                .findFirst()
                .orElse(DEFAULT_PATH);
    }
}
