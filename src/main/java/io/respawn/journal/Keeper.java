package io.respawn.journal;

import io.respawn.core.Event.JournalSynced;
import io.respawn.supervise.EventSink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what takes long, on two threads of its own: one brings the journal to the disk, the other folds old logs into a
 * snapshot, so that a confirmation never waits for the folding.
 */
final class Keeper implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Keeper.class.getName());
    private static final long CLOSE_SECONDS = 10;
    private static final Duration BEFORE_AGAIN = Duration.ofMillis(50);

    private final JournalFiles files;
    private final SnapshotFile snapshots;
    private final EventSink sink;
    private final BiConsumer<Long, IOException> broken;
    private final ExecutorService syncer = thread("journal-sync");
    private final ExecutorService compactor = thread("journal-compact");

    private final Object lock = new Object();
    // Files that others may rely on and that nobody brought to the disk yet, in the order they were written.
    private final Set<Path> owed = new LinkedHashSet<>();
    private long wanted = Long.MIN_VALUE;
    private boolean scheduled;
    private long newest;
    private Fold.@Nullable Image image;
    private volatile long snapshotSize;

    /**
     * A keeper.
     *
     * @param broken is told which seq could not be brought to the disk, and why
     */
    Keeper(JournalFiles files, SnapshotFile snapshots, EventSink sink, BiConsumer<Long, IOException> broken) {
        this.files = files;
        this.snapshots = snapshots;
        this.sink = sink;
        this.broken = broken;
    }

    /** Files that must be on the disk before anything written later counts as being there. */
    void owes(Collection<Path> paths) {
        synchronized (lock) {
            owed.addAll(paths);
        }
    }

    /** Brings everything up to what is in {@code live} now to the disk; requests that meet are answered together. */
    void sync(long seq, Path live) {
        synchronized (lock) {
            owed.add(live);
            wanted = Math.max(wanted, seq);
            if (!scheduled) {
                syncer.execute(this::sync);
                scheduled = true;
            }
        }
    }

    private void sync() {
        long upTo;
        List<Path> paths;
        synchronized (lock) {
            scheduled = false;
            upTo = wanted;
            wanted = Long.MIN_VALUE;
            paths = new ArrayList<>(owed);
            owed.clear();
        }
        try {
            for (Path path : paths) {
                JournalFiles.force(path);
            }
            files.forceNames();
            sink.accept(new JournalSynced(upTo));
        } catch (IOException failed) {
            owes(paths);
            broken.accept(upTo, failed);
        } catch (OutOfMemoryError full) {
            // Somebody waits for an answer, and this thread may wait for memory to give it.
            owes(paths);
            syncAgain(upTo);
        }
    }

    private void syncAgain(long upTo) {
        LockSupport.parkNanos(BEFORE_AGAIN.toNanos());
        synchronized (lock) {
            wanted = Math.max(wanted, upTo);
            scheduled = true;
        }
        sync();
    }

    /** Writes a snapshot of what was decided before the log of this number, and deletes what it replaces. */
    void compact(long number, Fold.Image content) {
        synchronized (lock) {
            newest = number;
            if (image == null) {
                compactor.execute(this::compact);
            }
            image = content;
        }
    }

    private void compact() {
        long number;
        Fold.Image content;
        synchronized (lock) {
            number = newest;
            content = Objects.requireNonNull(image);
            image = null;
        }
        try {
            snapshotSize = snapshots.write(number, content);
            files.deleteBefore(number);
        } catch (IOException failed) {
            // The logs are still there and whole; the next full log is the next attempt.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Cannot fold the journal in " + files.directory() + ": " + Reasons.of(failed)
                            + "; it takes more room until the next attempt");
        }
    }

    /** How large the newest snapshot is. */
    long snapshotSize() {
        return snapshotSize;
    }

    @Override
    public void close() {
        syncer.shutdown();
        compactor.shutdown();
        try {
            boolean done = syncer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)
                    && compactor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            if (!done) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Cannot wait longer than " + CLOSE_SECONDS + " s for the disk under " + files.directory());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }
}
