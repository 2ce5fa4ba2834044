package io.respawn.process;

import io.respawn.linux.Fifo;
import io.respawn.linux.LinuxException;
import io.respawn.linux.SpliceFile;
import io.respawn.model.OutputPolicy;
import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The file of an instance: takes bytes straight out of pipes and makes room for a fresh file between two lines. For the
 * reader's thread.
 *
 * <p>A file that cannot be written costs its lines, not more: they are counted, and after a second it is tried again.
 */
final class LogFile implements AutoCloseable {

    static final String FAILED = "output-file-failed";

    private static final Logger LOG = System.getLogger(LogFile.class.getName());
    private static final Duration UNTIL_NEXT_TRY = Duration.ofSeconds(1);

    /** Without a failure for so long it counts as mended; a disk that is full by a hair would be reported each second. */
    private static final Duration MENDED_AFTER = Duration.ofSeconds(10);

    /** A line without end must not keep a file from being replaced for ever. */
    private static final long LONGEST_WHOLE_LINE = 1024 * 1024;

    private final Path path;
    private final OutputPolicy.File policy;
    private final InstantSource clock;
    private final Statistics statistics;
    private final OldLogs old;
    private @Nullable SpliceFile file;
    private @Nullable Instant began;
    private @Nullable Instant failedAt;
    private boolean withinLine;
    private boolean tidied;
    private long lost;

    LogFile(Path path, OutputPolicy.File policy, InstantSource clock, Compressor compressor, Statistics statistics) {
        this.path = path;
        this.policy = policy;
        this.clock = clock;
        this.statistics = statistics;
        this.old = new OldLogs(path, policy, compressor);
    }

    /** Takes so many bytes out of the pipe, of which the window has a copy. */
    void take(Fifo.End pipe, byte[] window, int count) {
        int at = 0;
        while (at < count) {
            SpliceFile target = target();
            if (target == null) {
                drop(pipe, count - at, Newlines.count(window, at, count));
                return;
            }
            int end = piece(target.size(), window, at, count);
            if (end == at) {
                replace(target);
            } else {
                move(target, pipe, window, at, end);
                at = end;
            }
        }
    }

    /** Where the next piece for this file ends; {@code from} says that it is time for a fresh file. */
    private int piece(long size, byte[] window, int from, int to) {
        if (size > 0 && !withinLine && isOld()) {
            return from;
        }
        long room = policy.maxSize() - size;
        if (to - from <= room) {
            return to;
        }
        int fits = room <= 0 ? from : Newlines.endOfLast(window, from, from + (int) room);
        boolean mayBreak = !withinLine || -room >= LONGEST_WHOLE_LINE;
        if (fits > from || (size > 0 && mayBreak)) {
            return fits;
        }
        int line = Newlines.first(window, from, to);
        return line < 0 ? to : line + 1;
    }

    private boolean isOld() {
        Instant start = began;
        return start != null
                && policy.maxAge()
                        .filter(age -> !start.plus(age).isAfter(clock.instant()))
                        .isPresent();
    }

    private void move(SpliceFile target, Fifo.End pipe, byte[] window, int from, int to) {
        long before = target.size();
        int at = from;
        try {
            int moved = 1;
            // Nothing more only if somebody else reads this pipe.
            while (at < to && moved > 0) {
                moved = target.take(pipe, to - at);
                at += Math.max(0, moved);
            }
            withinLine = window[to - 1] != '\n';
            succeeded();
        } catch (LinuxException failed) {
            int kept = Newlines.endOfLast(window, from, at);
            failed(failed.getMessage());
            cut(target, before + kept - from);
            drop(pipe, to - at, Newlines.count(window, kept, to));
        }
    }

    /** Half a line would glue the next one to it. */
    private void cut(SpliceFile target, long size) {
        try {
            target.truncate(size);
        } catch (LinuxException failed) {
            statistics.fault(FAILED);
            LOG.log(Level.DEBUG, "A line in {0} stays broken: {1}", path, failed.getMessage());
        }
        close();
    }

    private void drop(Fifo.End pipe, int bytes, long lines) {
        lost += lines;
        int left = bytes;
        int read = 1;
        while (left > 0 && read > 0) {
            read = pipe.read(new byte[left]);
            left -= Math.max(0, read);
        }
    }

    private @Nullable SpliceFile target() {
        Instant failure = failedAt;
        if (file == null && (failure == null || !failure.plus(UNTIL_NEXT_TRY).isAfter(clock.instant()))) {
            try {
                file = open();
            } catch (IOException | LinuxException failed) {
                failed(failed.getMessage());
            }
        }
        return file;
    }

    private SpliceFile open() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("Cannot write to " + path + ": it is there and is no file; remove it");
        }
        if (!tidied) {
            Files.createDirectories(old.directory(), OutputPlaces.OWNER_ONLY);
            old.tidy();
            tidied = true;
        }
        SpliceFile opened = SpliceFile.open(path);
        try {
            began = opened.size() == 0 ? clock.instant() : began();
            withinLine = opened.size() > 0 && !endsWithLine(opened.size());
            return opened;
        } catch (IOException failed) {
            opened.close();
            throw failed;
        }
    }

    private Instant began() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class)
                .creationTime()
                .toInstant();
    }

    private boolean endsWithLine(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.read(last, size - 1);
            return last.get(0) == '\n';
        }
    }

    private void replace(SpliceFile full) {
        full.close();
        file = null;
        try {
            old.add();
        } catch (IOException failed) {
            failed("Cannot put " + path + " aside for a fresh file: " + failed);
        }
    }

    private void failed(@Nullable String why) {
        statistics.fault(FAILED);
        if (failedAt == null) {
            LOG.log(
                    Level.ERROR,
                    why + "; lines for " + path + " are dropped until it can be written again, they still go to the"
                            + " console and to 'respawn logs'");
        }
        failedAt = clock.instant();
    }

    private void succeeded() {
        Instant failure = failedAt;
        if (failure != null && !failure.plus(MENDED_AFTER).isAfter(clock.instant())) {
            LOG.log(Level.INFO, "{0} can be written again; {1} lines are missing in it", path, Long.toString(lost));
            failedAt = null;
            lost = 0;
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
