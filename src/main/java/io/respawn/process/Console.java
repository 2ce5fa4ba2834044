package io.respawn.process;

import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Writes lines to the sidecar's own output on a thread of its own, and drops lines rather than let anybody wait: the output
 * may be a pipe that nobody reads.
 */
final class Console implements AutoCloseable {

    static final String DROPPED = "output-dropped";

    private static final Logger LOG = System.getLogger(Console.class.getName());
    private static final int LIMIT = 4 * 1024 * 1024;
    private static final long LAST_WORDS_MILLIS = 500;

    private final OutputStream out;
    private final Statistics statistics;
    private final Thread writer;
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private int bytes;
    private long dropped;
    private boolean closed;

    Console(OutputStream out, Statistics statistics) {
        this.out = out;
        this.statistics = statistics;
        this.writer = Thread.ofPlatform().daemon().name("respawn-console").start(this::write);
    }

    /** Queues a line, or drops it; never waits for the output. */
    void offer(Supplier<String> line) {
        if (isFull()) {
            // What is going to be dropped need not be written first.
            drop();
            return;
        }
        byte[] encoded = (line.get() + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (queue) {
            bytes += encoded.length;
            queue.addLast(encoded);
            queue.notifyAll();
        }
    }

    private boolean isFull() {
        synchronized (queue) {
            return closed || bytes > LIMIT;
        }
    }

    private void drop() {
        statistics.fault(DROPPED);
        synchronized (queue) {
            dropped++;
        }
    }

    private void write() {
        try {
            byte[] next = take();
            while (next.length > 0) {
                out.write(next);
                out.flush();
                next = take();
            }
        } catch (IOException failed) {
            giveUp(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** All lines that wait, as one piece; empty says that there will be none any more. */
    private byte[] take() throws InterruptedException {
        synchronized (queue) {
            while (queue.isEmpty() && !closed) {
                queue.wait();
            }
            byte[] piece = new byte[bytes];
            int at = 0;
            for (byte[] line : queue) {
                System.arraycopy(line, 0, piece, at, line.length);
                at += line.length;
            }
            queue.clear();
            bytes = 0;
            return dropped == 0 ? piece : withNotice(piece);
        }
    }

    private byte[] withNotice(byte[] piece) {
        byte[] notice = ("respawn | " + dropped + " lines of output are missing here: standard output was blocked\n")
                .getBytes(StandardCharsets.UTF_8);
        dropped = 0;
        byte[] both = new byte[piece.length + notice.length];
        System.arraycopy(piece, 0, both, 0, piece.length);
        System.arraycopy(notice, 0, both, piece.length, notice.length);
        return both;
    }

    private void giveUp(IOException failed) {
        LOG.log(
                Level.WARNING,
                "Cannot write the output of services to standard output: " + failed
                        + "; it stays readable by 'respawn logs'");
        synchronized (queue) {
            closed = true;
            queue.clear();
            bytes = 0;
        }
    }

    /** Lets the writer finish what waits, but not for long. */
    @Override
    public void close() {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
        try {
            writer.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
