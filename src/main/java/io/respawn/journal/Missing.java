package io.respawn.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Entries that are not in the log yet, in order. Not thread-safe. */
final class Missing {

    private static final long LIMIT = 1L << 20;

    private final List<ByteBuffer> entries = new ArrayList<>();
    private long bytes;

    void add(ByteBuffer entry) {
        // Beyond the limit the log is given up and everything is written anew, so this one need not be kept.
        if (!isTooMuch()) {
            entries.add(entry);
        }
        bytes += entry.remaining();
    }

    /** Whether so much is missing that it is not worth being kept. */
    boolean isTooMuch() {
        return bytes > LIMIT;
    }

    /** All of them, to be written at once. */
    ByteBuffer joined() {
        if (entries.size() == 1) {
            return entries.getFirst().duplicate();
        }
        ByteBuffer joined = ByteBuffer.allocate(
                entries.stream().mapToInt(ByteBuffer::remaining).sum());
        entries.forEach(entry -> joined.put(entry.duplicate()));
        return joined.flip();
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }
}
