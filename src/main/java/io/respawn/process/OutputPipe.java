package io.respawn.process;

import io.respawn.linux.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The named pipe of one stream of an instance.
 *
 * <p>Our end is a writer too, so between two incarnations the pipe has one and reports no hang-up. A child's end is a reader
 * too, so our death is no SIGPIPE to it.
 */
final class OutputPipe implements AutoCloseable {

    private final Path path;
    private final Fifo.End read;

    private OutputPipe(Path path, Fifo.End read) {
        this.path = path;
        this.read = read;
    }

    /** Opens the pipe with this name, the one that a child of an earlier sidecar may still hold, or makes it. */
    static OutputPipe at(Path path, PipeRoom room) throws IOException {
        if (!Fifo.create(path) && !isFifo(path)) {
            throw new IOException("Cannot use " + path + " for output: it is there and is no pipe; remove it");
        }
        Fifo.End read = Fifo.bothEnds(path);
        room.widen(read);
        return new OutputPipe(path, read);
    }

    /** The one that an earlier image of this process has read from. */
    static OutputPipe inherited(Path path, int descriptor) {
        return new OutputPipe(path, Fifo.inherited(path, descriptor));
    }

    private static boolean isFifo(Path path) throws IOException {
        // The upper bits of the mode are the type: S_IFMT, S_IFIFO.
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & 0170000) == 0010000;
    }

    Fifo.End reader() {
        return read;
    }

    /** An end for a process. Each gets its own: whether writes wait belongs to the opened end, and some change it. */
    Fifo.End newWriter() {
        return Fifo.writeEnd(path);
    }

    @Override
    public void close() {
        read.close();
    }
}
