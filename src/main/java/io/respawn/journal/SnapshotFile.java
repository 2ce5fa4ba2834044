package io.respawn.journal;

import io.respawn.codec.BatchCodec;
import io.respawn.codec.SpawnCodec;
import io.respawn.core.Batch;
import io.respawn.core.Event.Noted;
import io.respawn.core.Ledger;
import io.respawn.core.StateRecord;
import io.respawn.model.HostIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes everything a journal amounts to; a snapshot appears under its name when it is whole. */
final class SnapshotFile {

    /** Where the pieces go, in order. */
    interface Target {
        void add(ByteBuffer part) throws IOException;
    }

    /** How many records one entry holds. */
    static final int PART = 250;

    private static final byte[] NOTHING = {};

    private final JournalFiles files;
    private final HostIdentity host;
    private final BatchCodec batches = new BatchCodec(name -> {});
    private final SpawnCodec notes = new SpawnCodec(name -> {});

    SnapshotFile(JournalFiles files, HostIdentity host) {
        this.files = files;
        this.host = host;
    }

    /** Writes a snapshot, waits until it is on the disk, and answers with its size. */
    long write(long number, Fold.Image image) throws IOException {
        Path path = files.snapshot(number);
        Path unfinished = JournalFiles.unfinished(path);
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = JournalFiles.create(unfinished)) {
            encode(image, part -> {
                while (part.hasRemaining()) {
                    channel.write(part);
                }
            });
            long size = channel.position();
            channel.force(false);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
            files.forceNames();
            return size;
        } catch (IOException failed) {
            Files.deleteIfExists(unfinished);
            throw failed;
        }
    }

    /** The image with the header of a file, piece by piece: in one piece it would take several times its size in memory. */
    void encode(Fold.Image image, Target target) throws IOException {
        target.add(ByteBuffer.wrap(SegmentHeader.encode(host)));
        if (image.ledger().isPresent()) {
            encode(image.ledger().get(), image.records(), target);
        } else {
            target.add(Frame.encode(Frame.Kind.RESET, NOTHING));
        }
        for (Batch batch : image.unacknowledged()) {
            target.add(Frame.encode(Frame.Kind.BATCH, batches.encode(batch)));
        }
        for (Noted note : image.notes()) {
            target.add(Frame.encode(Frame.Kind.NOTED, notes.encode(note)));
        }
        target.add(Frame.encode(Frame.Kind.END, NOTHING));
    }

    private void encode(Ledger ledger, List<StateRecord> records, Target target) throws IOException {
        int from = 0;
        do {
            int to = Math.min(records.size(), from + PART);
            Batch part = new Batch(ledger, records.subList(from, to), List.of(), List.of());
            target.add(Frame.encode(from == 0 ? Frame.Kind.RESET : Frame.Kind.MORE, batches.encode(part)));
            from = to;
        } while (from < records.size());
    }
}
