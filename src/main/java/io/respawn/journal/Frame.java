package io.respawn.journal;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** One entry of a journal file: its length, its CRC-32C, one byte for its kind, its content. */
record Frame(Kind kind, ByteBuffer content) {

    /** Length and checksum, which stand before the kind. */
    static final int HEADER = 8;

    /** What an entry is; the letters are part of the format. */
    enum Kind {
        /** A batch that Kafka may not have. */
        BATCH('B'),
        /** The spawner's note of a process, or that it is about to start one. */
        NOTED('S'),
        /** Kafka has everything up to a seq. */
        ACKNOWLEDGED('A'),
        /** Forget all before this: here begins an image of everything, with a part of the state; empty if there is none. */
        RESET('R'),
        /** More of the state that began with the reset. */
        MORE('M'),
        /** The image that began with a reset is whole. */
        END('E');

        private final byte letter;

        Kind(char letter) {
            this.letter = (byte) letter;
        }

        private static Optional<Kind> of(byte letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    byte[] bytes() {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }

    /** The entry as it is written, by a single write. */
    static ByteBuffer encode(Kind kind, byte[] content) {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER + 1 + content.length);
        buffer.position(HEADER).put(kind.letter).put(content);
        buffer.putInt(0, 1 + content.length).putInt(Integer.BYTES, crc(buffer, HEADER, 1 + content.length));
        return buffer.flip();
    }

    /** The entry that begins at this place, if it is whole and sound. */
    static Optional<Frame> at(ByteBuffer file, int offset) {
        if (file.limit() - offset <= HEADER) {
            return Optional.empty();
        }
        int length = file.getInt(offset);
        if (length < 1 || length > file.limit() - offset - HEADER) {
            return Optional.empty();
        }
        Optional<Kind> kind = Kind.of(file.get(offset + HEADER));
        if (kind.isEmpty() || crc(file, offset + HEADER, length) != file.getInt(offset + Integer.BYTES)) {
            return Optional.empty();
        }
        return Optional.of(new Frame(kind.get(), file.slice(offset + HEADER + 1, length - 1)));
    }

    /** How many bytes the entry takes in the file. */
    int size() {
        return HEADER + 1 + content.remaining();
    }

    private static int crc(ByteBuffer buffer, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(offset, length));
        return (int) crc.getValue();
    }
}
