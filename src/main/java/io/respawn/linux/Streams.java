package io.respawn.linux;

import io.respawn.linux.SpawnRequest.Stream;
import io.respawn.linux.libc.Spawn.spawn_plan;
import io.respawn.linux.libc.Unistd;
import java.nio.file.Path;
import java.util.List;

/** Gives a child its standard output and that of errors. */
final class Streams {

    private static final int HANDED_MODE = 0622;

    private Streams() {}

    /** Whether the child needs no descriptor of ours for it. */
    static boolean isOpenedByChild(Stream stream) {
        return switch (stream) {
            case Stream.ToPipe ignored -> true;
            case Stream.Discarded ignored -> true;
            case Stream.ToDescriptor ignored -> false;
            case Stream.ToFile ignored -> false;
        };
    }

    /**
     * A child that is another user may not reach the pipe by its name: it is {@code handed} ours, and may open that again, as
     * programs do that write to {@code /dev/stdout}.
     */
    static void attach(spawn_plan plan, Stream stream, int source, int target, boolean handed) {
        switch (stream) {
            case Stream.ToPipe ignored
            when handed -> {
                // Only who can reach it gets that far: its directory is closed to others.
                Unistd.fchmod(source, HANDED_MODE);
                plan.adddup2(source, target);
            }
            case Stream.ToPipe(Fifo.End end) ->
                plan.addopen(target, end.path().toString(), Unistd.O_RDWR | Unistd.O_NOFOLLOW, 0);
            case Stream.Discarded() -> plan.addopen(target, "/dev/null", Unistd.O_WRONLY, 0);
            case Stream.ToDescriptor ignored -> plan.adddup2(source, target);
            case Stream.ToFile ignored -> plan.adddup2(source, target);
        }
    }

    /** Files are opened here, as an error in the child could not be told from one of the program. */
    static int source(Stream stream, List<Descriptor> opened) {
        return switch (stream) {
            case Stream.ToPipe(Fifo.End end) -> end.fd();
            case Stream.ToDescriptor(int fd) -> isOpen(fd) ? fd : -Errno.EBADF.number();
            case Stream.ToFile(Path file) ->
                open(file.toString(), Unistd.O_WRONLY | Unistd.O_CREAT | Unistd.O_APPEND | Unistd.O_CLOEXEC, opened);
            case Stream.Discarded() -> open("/dev/null", Unistd.O_WRONLY | Unistd.O_CLOEXEC, opened);
        };
    }

    private static boolean isOpen(int fd) {
        return Unistd.fcntl(fd, Unistd.F_GETFD, 0) >= 0;
    }

    private static int open(String file, int flags, List<Descriptor> opened) {
        int fd = Unistd.open(file, flags, 0600);
        if (fd >= 0) {
            opened.add(new Descriptor(file, fd));
        }
        return fd;
    }

    /** Whether the pipe was removed. */
    static boolean isGone(Stream stream) {
        return stream instanceof Stream.ToPipe(Fifo.End end)
                && Unistd.access(end.path().toString(), 0) != 0;
    }
}
