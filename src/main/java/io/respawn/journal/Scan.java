package io.respawn.journal;

import io.respawn.model.HostIdentity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sound entries at the beginning of a file, and what follows them.
 *
 * @param good where the last sound entry ends
 */
record Scan(Optional<HostIdentity> host, List<Frame> frames, int good, End end) {

    /** What follows the sound entries. */
    enum End {
        /** Nothing. */
        CLEAN,
        /** An entry that was never finished. */
        TORN,
        /** Damage, with at least one sound entry behind it. */
        BROKEN
    }

    static Scan of(Path path, ByteBuffer file) {
        Optional<SegmentHeader> header = SegmentHeader.read(path, file);
        Optional<HostIdentity> host = header.map(SegmentHeader::host);
        List<Frame> frames = new ArrayList<>();
        int offset = header.map(SegmentHeader::length).orElse(0);
        if (header.isPresent()) {
            for (Optional<Frame> frame = Frame.at(file, offset); frame.isPresent(); frame = Frame.at(file, offset)) {
                frames.add(frame.get());
                offset += frame.get().size();
            }
        }
        return new Scan(host, frames, offset, end(file, offset));
    }

    private static End end(ByteBuffer file, int offset) {
        if (offset == file.limit()) {
            return End.CLEAN;
        }
        for (int later = offset + 1; later < file.limit(); later++) {
            if (Frame.at(file, later).isPresent()) {
                return End.BROKEN;
            }
        }
        return End.TORN;
    }

    boolean beginsWithImage() {
        return !frames.isEmpty() && frames.getFirst().kind() == Frame.Kind.RESET;
    }

    boolean hasWholeImage() {
        return beginsWithImage() && frames.stream().anyMatch(frame -> frame.kind() == Frame.Kind.END);
    }

    /** Whether at least the state of the image at its beginning is whole: something else follows it. */
    boolean hasWholeState() {
        return beginsWithImage()
                && frames.stream()
                        .map(Frame::kind)
                        .anyMatch(kind -> kind != Frame.Kind.RESET && kind != Frame.Kind.MORE);
    }

    boolean isClean() {
        return end == End.CLEAN;
    }

    boolean isTorn() {
        return end == End.TORN;
    }
}
