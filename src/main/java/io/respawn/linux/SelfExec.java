package io.respawn.linux;

import io.respawn.linux.libc.Syscall;
import io.respawn.linux.libc.Unistd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the program of this process by another: the pid, the children and the kept descriptors stay, all else goes, at
 * once and without any shutdown hook.
 */
public final class SelfExec {

    private SelfExec() {}

    /**
     * What to become.
     *
     * @param executable the program
     * @param arguments its arguments, its name first
     * @param environment its whole environment, as {@code NAME=value}
     * @param kept the descriptors above 2 that it inherits; all others close
     * @param blockedSignals the signals it begins with blocked; what is sent meanwhile waits for it
     */
    public record Image(
            Path executable,
            List<String> arguments,
            List<String> environment,
            Set<Integer> kept,
            Set<Integer> blockedSignals) {

        /** Copies the collections. */
        public Image {
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
            kept = Set.copyOf(kept);
            blockedSignals = Set.copyOf(blockedSignals);
        }

        /** What the kernel adds to the path of a program whose file is no longer the one that was started. */
        private static final String DELETED = " (deleted)";

        /**
         * The program of this process once more, as it was started. After an update of the program its file is another by
         * now, and that is taken, or there is none; then the answer of {@link #become} says so.
         */
        public static Image again(Set<Integer> kept, Set<Integer> blockedSignals) {
            int self = ProcFs.ownPid();
            List<String> arguments = ProcFs.commandLine(self).orElseThrow(() -> unreadable("cmdline"));
            Path executable = ProcFs.executable(self)
                    .map(running -> place(running, arguments.getFirst()))
                    .orElseThrow(() -> unreadable("exe"));
            List<String> environment =
                    ProcFs.environment(self).orElseThrow(() -> unreadable("environ")).entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList();
            return new Image(executable, arguments, environment, kept, blockedSignals);
        }

        /** The same with one variable set, in place of any earlier value. */
        public Image with(String name, String value) {
            Stream<String> others = environment.stream().filter(entry -> !entry.startsWith(name + "="));
            List<String> changed =
                    Stream.concat(others, Stream.of(name + "=" + value)).toList();
            return new Image(executable, arguments, changed, kept, blockedSignals);
        }

        /** The same with other arguments, its name first. */
        public Image withArguments(List<String> others) {
            return new Image(executable, others, environment, kept, blockedSignals);
        }

        /**
         * Where the program is to be found, whichever file is there now. The kernel follows the file that runs: when that was
         * moved out of the way, only the command line still says from where it was started.
         */
        static Path place(Path running, String name) {
            if (name.startsWith("/")) {
                return Path.of(name);
            }
            String text = running.toString();
            return text.endsWith(DELETED) && !Files.exists(running)
                    ? Path.of(text.substring(0, text.length() - DELETED.length()))
                    : running;
        }

        private static LinuxException unreadable(String file) {
            return new LinuxException("open", Errno.EACCES, "read /proc/self/" + file + " of this process");
        }
    }

    /**
     * Becomes the image. Returns only if that failed, and why; the kept descriptors and the mask are then as before, the
     * other descriptors are close-on-exec, which harms nobody.
     */
    public static Errno become(Image image) {
        Threads.requirePlatform("replace the program");
        int closed = Syscall.close_range(3, -1, Unistd.CLOSE_RANGE_CLOEXEC);
        if (closed < 0) {
            return Errno.of(closed);
        }
        Errno unkept = flag(image.kept(), 0);
        if (unkept != null) {
            flag(image.kept(), Unistd.FD_CLOEXEC);
            return unkept;
        }
        Set<Integer> before = SignalMask.replace(image.blockedSignals());
        int result = Unistd.execve(image.executable().toString(), image.arguments(), image.environment());
        SignalMask.replace(before);
        flag(image.kept(), Unistd.FD_CLOEXEC);
        return Errno.of(result);
    }

    private static @Nullable Errno flag(Set<Integer> descriptors, int flag) {
        Errno failed = null;
        for (int fd : descriptors) {
            int result = Unistd.fcntl(fd, Unistd.F_SETFD, flag);
            if (result < 0) {
                failed = Errno.of(result);
            }
        }
        return failed;
    }
}
