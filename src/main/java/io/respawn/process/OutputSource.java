package io.respawn.process;

import io.respawn.linux.Fifo;
import io.respawn.linux.LinuxException;
import io.respawn.model.InstanceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pipe of one instance, and the lines that come out of it.
 *
 * <p>We hold a write end ourselves for as long as we live, so between two incarnations the pipe has a writer and reports no
 * hang-up. A child's end is a reader too, so our death is no SIGPIPE to it.
 */
final class OutputSource implements AutoCloseable {

    /** Much room lets a child go on for long while nobody reads; the kernel may allow less. */
    private static final int CAPACITY = 1024 * 1024;

    private final Path path;
    private final LineSplitter.Sink sink;
    private final Fifo.End write;
    private final Fifo.End read;
    private final LineSplitter splitter = new LineSplitter();
    private boolean open = true;
    private final AtomicInteger writers = new AtomicInteger();

    private OutputSource(Path path, LineSplitter.Sink sink) {
        this.path = path;
        this.sink = sink;
        this.write = Fifo.writeEnd(path);
        try {
            this.read = Fifo.readEnd(path);
        } catch (LinuxException failed) {
            write.close();
            throw failed;
        }
        // False says that this user may not have so much: then it keeps the usual 64 KiB.
        read.resize(CAPACITY);
    }

    /** Opens the pipe with this name, the one that a child of an earlier sidecar may still hold, or makes it. */
    static OutputSource at(InstanceId instance, Path path, LineSplitter.Sink sink) throws IOException {
        if (!Fifo.create(path) && !isFifo(path)) {
            throw new IOException("Cannot use " + path + " for the output of " + instance
                    + ": it is there and is no pipe; remove it");
        }
        return new OutputSource(path, sink);
    }

    private static boolean isFifo(Path path) throws IOException {
        // The upper bits of the mode are the type: S_IFMT, S_IFIFO.
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & 0170000) == 0010000;
    }

    /** Takes what is there, at most so many buffers full; says whether there may be more. */
    synchronized boolean drain(byte[] buffer, int turns) {
        for (int i = 0; i < turns; i++) {
            int count = open ? read.read(buffer) : -1;
            if (count <= 0) {
                return false;
            }
            splitter.feed(buffer, count, sink);
        }
        return true;
    }

    /** Takes what is there, and makes a line of a rest without line end. */
    synchronized void finish(byte[] buffer) {
        drain(buffer, CAPACITY / buffer.length + 1);
        splitter.flush(sink);
    }

    /**
     * The end for the next process, which makes a line of its predecessor's rest. Each gets its own: whether writes wait is
     * a property of the opened end, and some programs change it.
     */
    synchronized Fifo.End nextWriter(byte[] buffer) {
        finish(buffer);
        writers.incrementAndGet();
        return Fifo.writeEnd(path);
    }

    /** How many writers were opened. Without the lock, since the loop asks and must not wait for a reader at work. */
    int writers() {
        return writers.get();
    }

    /** The same as {@link #finish}, unless there is a later writer, whose line may just be growing. */
    synchronized void finish(byte[] buffer, int lastWriter) {
        if (writers.get() == lastWriter) {
            finish(buffer);
        }
    }

    int descriptor() {
        return read.fd();
    }

    @Override
    public synchronized void close() {
        open = false;
        read.close();
        write.close();
    }
}
