package io.respawn.journal;

import io.respawn.model.HostIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file that is appended to: each entry by a single write, so that a kill leaves it whole or not at all. */
final class Segment implements AutoCloseable {

    /** What a file begins with. */
    interface Content {
        void into(Segment segment) throws IOException;
    }

    private final Path path;
    private final FileChannel channel;
    private long size;
    private boolean sound = true;

    private Segment(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Begins a log that goes on where the one before it ends. */
    static Segment create(Path path, HostIdentity host) throws IOException {
        return begin(path, path, segment -> segment.append(ByteBuffer.wrap(SegmentHeader.encode(host))));
    }

    /** Begins a log that stands on its own: it starts with an image of everything and appears when that is whole. */
    static Segment create(Path path, Content image) throws IOException {
        Path unfinished = JournalFiles.unfinished(path);
        Files.deleteIfExists(unfinished);
        Segment segment = begin(path, unfinished, image);
        try {
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
            return segment;
        } catch (IOException failed) {
            throw segment.abandoned(unfinished, failed);
        }
    }

    private static Segment begin(Path path, Path written, Content first) throws IOException {
        Segment segment = new Segment(path, JournalFiles.create(written, StandardOpenOption.APPEND));
        try {
            first.into(segment);
            return segment;
        } catch (IOException failed) {
            throw segment.abandoned(written, failed);
        }
    }

    private IOException abandoned(Path written, IOException reason) {
        try {
            channel.close();
            Files.deleteIfExists(written);
        } catch (IOException alsoFailed) {
            reason.addSuppressed(alsoFailed);
        }
        return reason;
    }

    /** Adds an entry, or leaves the file as it was. */
    void append(ByteBuffer entry) throws IOException {
        int length = entry.remaining();
        try {
            int written = channel.write(entry);
            if (written != length) {
                // A full disk takes what fits; the next attempt would have said so.
                throw new IOException("No space left on device: " + written + " of " + length + " bytes were written");
            }
            size += length;
        } catch (IOException failed) {
            cutBack(failed);
            throw failed;
        }
    }

    private void cutBack(IOException reason) {
        sound = false;
        try {
            channel.truncate(size);
            sound = channel.isOpen();
        } catch (IOException alsoFailed) {
            reason.addSuppressed(alsoFailed);
        }
    }

    /** Whether it ends where its last whole entry ends, so that it may be appended to. */
    boolean isSound() {
        return sound;
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
