package io.respawn.process;

import io.respawn.linux.Fifo;
import io.respawn.linux.Lookout;
import io.respawn.model.InstanceId;
import io.respawn.supervise.OutputReader.Stream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes what comes out of one pipe, a piece a turn, and makes lines of it.
 *
 * <p>All but {@link #border} is called on the reader's thread. With a log file the bytes go from the pipe to the file
 * within the kernel, and only whole lines go, so that those of the other stream do not get between; what is made into lines
 * here is a copy.
 */
final class StreamReader implements AutoCloseable {

    /** A start does not wait longer than this for a reader that waits for a disk; then two lines may become one. */
    private static final long PATIENCE_MILLIS = 100;

    /** What a turn met. */
    enum Turn {
        NOTHING,
        SOMETHING,
        /** A line that has no end yet; it was left where it is. */
        HALF_A_LINE
    }

    private final OutputPipe pipe;
    private final LineSplitter.Sink sink;
    private final LineSplitter splitter = new LineSplitter();
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Border> borders = new ArrayDeque<>();

    /** A process of which the mark of its beginning could not be set in time. */
    private final AtomicReference<@Nullable Author> unmarked = new AtomicReference<>();

    private Author author;
    private long taken;
    private boolean open = true;

    /** Takes a line as it comes. */
    @FunctionalInterface
    interface Sink {
        void line(Written line);
    }

    /** From here on the pipe is another process's. */
    private record Border(long at, Author author) {}

    /** {@code author} is the process that writes already, if one does. */
    StreamReader(OutputPipe pipe, Stream stream, Sink sink, Author author) {
        this.pipe = pipe;
        this.author = author;
        this.sink = (text, cut) -> {
            Author by = this.author;
            sink.line(new Written(stream, by.incarnation(), text, cut));
            LineWatch looking = by.watch();
            if (looking != null) {
                looking.look(text);
            }
        };
    }

    /**
     * Goes on where the reader of an earlier image stopped. Its author is the newest process; what is looked for is wanted in
     * the lines of that one.
     */
    void goOn(KeptOutput.Pipe from) {
        splitter.goOn(KeptOutput.bytes(from.half()));
        Author newest = author;
        int ahead = from.borders().size();
        author = ahead == 0 ? newest.orAs(from.incarnation()) : new Author(from.incarnation(), null);
        for (int i = 0; i < ahead; i++) {
            // An image of before this was known wrote no incarnations.
            long incarnation =
                    i < from.incarnations().size() ? from.incarnations().get(i) : 0;
            Author next = i == ahead - 1 ? newest.orAs(incarnation) : new Author(incarnation, null);
            borders.addLast(new Border(from.borders().get(i), next));
        }
    }

    /** Where it stands, once there are no more turns. */
    KeptOutput.Pipe kept(InstanceId instance, Stream stream) {
        lock.lock();
        try {
            List<Long> ahead =
                    borders.stream().map(border -> border.at() - taken).toList();
            List<Long> incarnations = borders.stream()
                    .map(border -> border.author().incarnation())
                    .toList();
            return new KeptOutput.Pipe(
                    instance,
                    stream,
                    descriptor(),
                    KeptOutput.text(splitter.rest()),
                    ahead,
                    author.incarnation(),
                    incarnations);
        } finally {
            lock.unlock();
        }
    }

    int descriptor() {
        return pipe.reader().fd();
    }

    Fifo.End newWriter() {
        return pipe.newWriter();
    }

    /** What is in the pipe now is the last of its writer: a rest of it does not go on in the next one's first line. */
    void border(Author next) {
        try {
            if (!lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                unmarked.set(next);
                return;
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            if (open) {
                unmarked.set(null);
                borders.addLast(new Border(taken + pipe.reader().waiting(), next));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes at most a buffer full; if patient, half a line may wait for its end. */
    Turn turn(byte[] buffer, Lookout lookout, @Nullable LogFile log, boolean patient) {
        lock.lock();
        try {
            if (!open) {
                return Turn.NOTHING;
            }
            Author late = unmarked.getAndSet(null);
            if (late != null) {
                // Better a last line of its predecessor than none of its own.
                borders.addLast(new Border(taken, late));
                settle();
            }
            int count;
            if (log == null) {
                count = pipe.reader().read(buffer);
            } else {
                int seen = lookout.look(pipe.reader(), buffer);
                count = Newlines.endOfLast(buffer, 0, seen);
                if (count == 0 && seen > 0) {
                    if (patient && seen < buffer.length) {
                        return Turn.HALF_A_LINE;
                    }
                    count = seen;
                }
                log.take(pipe.reader(), buffer, count);
            }
            if (count <= 0) {
                settle();
                return Turn.NOTHING;
            }
            feed(buffer, count);
            return Turn.SOMETHING;
        } finally {
            lock.unlock();
        }
    }

    private void feed(byte[] buffer, int count) {
        int at = 0;
        while (!borders.isEmpty() && borders.getFirst().at() <= taken + count) {
            Border border = borders.removeFirst();
            int end = (int) Math.max(at, border.at() - taken);
            splitter.feed(buffer, at, end, sink);
            pass(border);
            at = end;
        }
        splitter.feed(buffer, at, count, sink);
        taken += count;
    }

    /** Makes lines of rests before borders that were reached. */
    private void settle() {
        while (!borders.isEmpty() && borders.getFirst().at() <= taken) {
            pass(borders.removeFirst());
        }
    }

    private void pass(Border border) {
        splitter.flush(sink);
        author = border.author();
    }

    /** Takes what is there, as much as a pipe holds, and makes a line of a rest without line end. */
    void finish(byte[] buffer, Lookout lookout, @Nullable LogFile log) {
        long limit = taken + 2L * PipeRoom.WIDE;
        Turn last = Turn.SOMETHING;
        while (last == Turn.SOMETHING && taken < limit) {
            last = turn(buffer, lookout, log, false);
        }
        splitter.flush(sink);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            open = false;
            pipe.close();
        } finally {
            lock.unlock();
        }
    }
}
