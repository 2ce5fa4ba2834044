package io.respawn.process;

import io.respawn.supervise.Statistics;
import java.io.ByteArrayOutputStream;
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

    /** {@code PIPE_BUF} of Linux. */
    private static final int ATOMIC = 4096;

    private final OutputStream out;
    private final Statistics statistics;
    private final Thread writer;
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private int bytes;
    private long dropped;
    private boolean closed;
    private boolean parked;

    /** What the writer is at, and how much of it has gone. */
    private byte[] piece = new byte[0];

    private int gone;
    private boolean writing;

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
                put(next);
                next = take();
            }
        } catch (IOException failed) {
            giveUp(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** In parts that a pipe takes whole or not at all, so that it is always known what has gone. */
    private void put(byte[] all) throws IOException, InterruptedException {
        for (int at = 0; at < all.length; at += ATOMIC) {
            synchronized (queue) {
                piece = all;
                gone = at;
                while (parked) {
                    queue.wait();
                }
                writing = true;
            }
            out.write(all, at, Math.min(ATOMIC, all.length - at));
            out.flush();
            synchronized (queue) {
                gone = Math.min(at + ATOMIC, all.length);
                writing = false;
                queue.notifyAll();
            }
        }
    }

    /** Stops writing, and tells what has not gone; a write that hangs is not waited for long. */
    byte[] park() {
        synchronized (queue) {
            parked = true;
            long end = System.nanoTime() + LAST_WORDS_MILLIS * 1_000_000;
            try {
                while (writing && System.nanoTime() < end) {
                    queue.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            rest.write(piece, gone, piece.length - gone);
            queue.forEach(rest::writeBytes);
            return rest.toByteArray();
        }
    }

    /** Goes on writing. */
    void unpark() {
        synchronized (queue) {
            parked = false;
            queue.notifyAll();
        }
    }

    /** Ends while it is parked: another one writes what has not gone. */
    void leave() {
        synchronized (queue) {
            closed = true;
            queue.clear();
            bytes = 0;
        }
        writer.interrupt();
        awaitEnd();
    }

    /** Begins with what an earlier image could not write. */
    void goOn(byte[] rest) {
        if (rest.length > 0) {
            synchronized (queue) {
                bytes += rest.length;
                queue.addFirst(rest);
                queue.notifyAll();
            }
        }
    }

    /** All lines that wait, as one piece; empty says that there will be none any more. */
    private byte[] take() throws InterruptedException {
        synchronized (queue) {
            while ((queue.isEmpty() || parked) && !closed) {
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
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            writer.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
