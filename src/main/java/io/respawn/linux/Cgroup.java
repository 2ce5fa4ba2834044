package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Knows where the control groups of version 2 are, and puts processes in them. */
public final class Cgroup {

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Path OWN = Path.of("/proc/self/cgroup");
    private static final String VERSION_2 = "0::";
    private static final int DIRECTORY_MODE = 0755;

    private Cgroup() {}

    /**
     * The directory of a control group: below that of this process, or below the topmost if the name begins with a slash.
     * Empty where there is no version 2.
     */
    public static Optional<Path> directory(String name) {
        return mount().map(top -> {
            Path above = name.startsWith("/") ? top : top.resolve(own());
            return above.resolve(name.replaceFirst("^/+", "")).normalize();
        });
    }

    /** Puts a process in it, and makes it if there is none; says why it could not. */
    static Optional<Errno> enter(Path directory, int pid) {
        int made = make(directory);
        return made < 0
                ? Optional.of(Errno.of(made))
                : SmallFile.write(directory.resolve("cgroup.procs").toString(), Integer.toString(pid));
    }

    private static int make(Path directory) {
        int result = Unistd.mkdir(directory.toString(), DIRECTORY_MODE);
        Path above = directory.getParent();
        if (Errno.ENOENT.is(result) && above != null && make(above) >= 0) {
            result = Unistd.mkdir(directory.toString(), DIRECTORY_MODE);
        }
        // Where nothing may be made, there may be one that somebody else has made.
        return result < 0 && Files.isDirectory(directory) ? 0 : result;
    }

    private static Optional<Path> mount() {
        try {
            // id parent device root PLACE options [tags] - TYPE source options
            return Files.readAllLines(MOUNTS).stream()
                    .filter(line -> line.contains(" - cgroup2 "))
                    .map(line -> Path.of(line.split(" ", -1)[4]))
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static String own() {
        try {
            return Files.readAllLines(OWN).stream()
                    .filter(line -> line.startsWith(VERSION_2))
                    .map(line -> line.substring(VERSION_2.length()).replaceFirst("^/+", ""))
                    .findFirst()
                    .orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }
}
