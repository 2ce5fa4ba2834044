package io.respawn.journal;

import io.respawn.codec.BatchCodec;
import io.respawn.codec.SpawnCodec;
import io.respawn.core.Batch;
import io.respawn.model.HostIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Writes everything a journal amounts to; a snapshot appears under its name when it is whole. */
final class SnapshotFile {

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
            ByteBuffer content = encode(image);
            long size = content.remaining();
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(false);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
            files.forceNames();
            return size;
        } catch (IOException failed) {
            Files.deleteIfExists(unfinished);
            throw failed;
        }
    }

    /** The whole image with the header of a file. */
    ByteBuffer encode(Fold.Image image) {
        List<ByteBuffer> parts = new ArrayList<>();
        parts.add(ByteBuffer.wrap(SegmentHeader.encode(host)));
        parts.add(Frame.encode(
                Frame.Kind.RESET,
                image.ledger()
                        .map(ledger -> batches.encode(new Batch(ledger, image.records(), List.of(), List.of())))
                        .orElseGet(() -> new byte[0])));
        image.unacknowledged().forEach(batch -> parts.add(Frame.encode(Frame.Kind.BATCH, batches.encode(batch))));
        image.notes().forEach(note -> parts.add(Frame.encode(Frame.Kind.NOTED, notes.encode(note))));
        parts.add(Frame.encode(Frame.Kind.END, new byte[0]));
        ByteBuffer whole = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(whole::put);
        return whole.flip();
    }
}
