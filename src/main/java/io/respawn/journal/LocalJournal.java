package io.respawn.journal;

import io.respawn.codec.BatchCodec;
import io.respawn.codec.SpawnCodec;
import io.respawn.core.Batch;
import io.respawn.core.Event.JournalChanged;
import io.respawn.core.Event.Noted;
import io.respawn.model.HostIdentity;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Journal;
import io.respawn.supervise.SpawnLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The journal on this machine's disk. The loop and the spawner append under one lock and wait for nothing but the page
 * cache; the {@link Keeper} brings it to the disk and keeps it small.
 *
 * <p>When a write fails, the log is left as it was, and what is missing goes in front of the next write, since nothing may
 * follow a hole. If too much is missing, or the log itself is in doubt, the next write begins a new log with an image of
 * everything instead.
 */
public final class LocalJournal implements Journal, SpawnLog, AutoCloseable {

    /** How long a log may get before it is folded into a snapshot. */
    public static final long DEFAULT_LIMIT = 4L << 20;

    /** A log is worth folding when it is so many times as large as the snapshot that it replaces. */
    private static final int LOGS_A_SNAPSHOT = 2;

    private static final long NOTHING = Long.MIN_VALUE;

    private final JournalFiles files;
    private final HostIdentity host;
    private final EventSink sink;
    private final long limit;
    private final BatchCodec batches = new BatchCodec(name -> {});
    private final SpawnCodec notes = new SpawnCodec(name -> {});
    private final SnapshotFile snapshots;
    private final Keeper keeper;

    private final Object lock = new Object();
    private final Fold fold;
    private final Missing missing = new Missing();
    private final Healing healing = new Healing();
    private @Nullable Segment live;
    private long number;
    private long rollAt;
    private boolean failing;
    private boolean closed;
    // What is to be synced as soon as there is a log again.
    private long unsynced = NOTHING;

    /**
     * Goes on where {@link #restore} ended, in a new log.
     *
     * @param sink is told {@code JournalSynced} and {@code JournalChanged}
     * @param limit how long a log may get, in bytes; {@link #DEFAULT_LIMIT}
     */
    public LocalJournal(Path directory, HostIdentity host, Restored restored, EventSink sink, long limit) {
        this.files = new JournalFiles(directory);
        this.host = host;
        this.sink = sink;
        this.limit = limit;
        this.fold = Fold.of(restored);
        this.snapshots = new SnapshotFile(files, host);
        this.keeper = new Keeper(files, snapshots, sink, this::notOnDisk);
        synchronized (lock) {
            try {
                number = files.nextNumber();
                keeper.owes(files.logs().values());
                keeper.owes(files.snapshots().values());
                begin(Segment.create(files.log(number), host));
            } catch (IOException failed) {
                failed(failed);
            }
        }
    }

    /**
     * Reads what a journal holds, cuts off or sets aside what is damaged, and says so in the log.
     *
     * @throws UncheckedIOException when the directory cannot be read
     */
    public static Restored restore(Path directory, HostIdentity host) {
        try {
            Restored restored = new Recovery(new JournalFiles(directory), host).run();
            System.Logger log = System.getLogger(LocalJournal.class.getName());
            restored.warnings().forEach(warning -> log.log(System.Logger.Level.WARNING, warning));
            return restored;
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Cannot read the journal in " + directory + ": " + Reasons.of(failed), failed);
        }
    }

    @Override
    public void append(List<Batch> group) {
        List<ByteBuffer> entries = group.stream()
                .map(batch -> Frame.encode(Frame.Kind.BATCH, batches.encode(batch)))
                .toList();
        synchronized (lock) {
            fold.batches(group);
            Optional<IOException> failure = surely(entries);
            if (failure.isPresent()) {
                throw new UncheckedIOException(detail(failure.get()), failure.get());
            }
        }
    }

    @Override
    public void note(Noted note) {
        ByteBuffer entry = Frame.encode(Frame.Kind.NOTED, notes.encode(note));
        synchronized (lock) {
            fold.noted(note);
            // A failure is reported by the sink: the process is there, or is about to be, and its spawner has nothing
            // better to do with it.
            surely(List.of(entry));
        }
    }

    @Override
    public void acknowledged(long seq) {
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES).putLong(0, seq);
        synchronized (lock) {
            fold.acknowledged(seq);
            surely(List.of(Frame.encode(Frame.Kind.ACKNOWLEDGED, content.array())));
        }
    }

    /** How often all of it was written anew; for those who wonder what a full disk costs. */
    long healed() {
        synchronized (lock) {
            return healing.attempts();
        }
    }

    @Override
    public void sync(long seq) {
        synchronized (lock) {
            if (live != null && !failing) {
                keeper.sync(seq, live.path());
            } else {
                unsynced = Math.max(unsynced, seq);
            }
        }
    }

    /** Ends the threads, after what they are at; nothing that was appended is lost by it. */
    @Override
    public void close() {
        keeper.close();
        synchronized (lock) {
            closed = true;
            giveUp();
        }
    }

    /** What was written when memory gave out is not known; so the next write begins a new log, with everything. */
    private Optional<IOException> surely(List<ByteBuffer> entries) {
        try {
            return write(entries);
        } catch (OutOfMemoryError full) {
            giveUp();
            throw full;
        }
    }

    private Optional<IOException> write(List<ByteBuffer> entries) {
        if (closed) {
            // The directory may be another's by now: a log of ours would be taken for newer than all of theirs.
            return Optional.of(new IOException("the journal is closed"));
        }
        entries.forEach(missing::add);
        try {
            if (live == null) {
                heal();
            } else {
                live.append(missing.joined());
            }
        } catch (IOException failed) {
            if (live != null && (!live.isSound() || missing.isTooMuch())) {
                giveUp();
            }
            failed(failed);
            return Optional.of(failed);
        }
        missing.clear();
        written();
        return Optional.empty();
    }

    private void written() {
        if (live == null) {
            return;
        }
        if (failing) {
            failing = false;
            sink.accept(new JournalChanged(true, "The journal in " + files.directory() + " can be written again"));
        }
        if (unsynced != NOTHING) {
            keeper.sync(unsynced, live.path());
            unsynced = NOTHING;
        }
        if (live.size() > rollAt) {
            roll(live);
        }
    }

    private void heal() throws IOException {
        healing.begin();
        try {
            Path path = files.log(number + 1);
            Segment healed = Segment.create(path, segment -> snapshots.encode(fold.image(), segment::append));
            number++;
            begin(healed);
            healing.succeeded();
        } catch (IOException failed) {
            // Somebody has to try again, also if nothing is appended any more.
            healing.failed(failed, this::healLater);
            throw failed;
        }
    }

    private void healLater() {
        synchronized (lock) {
            if (closed || live != null) {
                return;
            }
            try {
                heal();
            } catch (IOException stillFailing) {
                failed(stillFailing);
                return;
            }
            missing.clear();
            written();
        }
    }

    private void roll(Segment full) {
        try {
            Segment next = Segment.create(files.log(number + 1), host);
            number++;
            keeper.owes(List.of(full.path()));
            begin(next);
            full.close();
        } catch (IOException failed) {
            // Not being able to begin another file is no reason to stop using this one.
            rollAt = full.size() + limit;
        }
    }

    private void begin(Segment next) {
        live = next;
        rollAt = Math.max(limit, LOGS_A_SNAPSHOT * keeper.snapshotSize()) + next.size();
        keeper.compact(number, fold.image());
    }

    private void failed(IOException reason) {
        if (!failing) {
            failing = true;
            sink.accept(new JournalChanged(false, detail(reason)));
        }
    }

    /** After a failed fdatasync the kernel may have dropped what it could not write: this log is worth nothing more. */
    private void notOnDisk(long seq, IOException reason) {
        synchronized (lock) {
            unsynced = Math.max(unsynced, seq);
            giveUp();
            failed(reason);
        }
    }

    private void giveUp() {
        if (live == null) {
            return;
        }
        Segment given = live;
        live = null;
        try {
            given.close();
        } catch (IOException alsoFailed) {
            System.getLogger(LocalJournal.class.getName())
                    .log(System.Logger.Level.WARNING, "Cannot close " + given.path(), alsoFailed);
        }
    }

    private String detail(IOException reason) {
        return "Cannot write to the journal in " + files.directory() + ": " + Reasons.of(reason)
                + "; orders are kept in memory only until it can be written again";
    }
}
