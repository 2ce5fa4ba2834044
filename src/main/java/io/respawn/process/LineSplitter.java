package io.respawn.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes lines out of bytes as they come, of bounded length whatever comes. */
final class LineSplitter {

    /** The longest line in bytes; a longer one goes on in the next. */
    static final int LONGEST = 16 * 1024;

    /** A continuation byte of UTF-8 has these two upper bits. */
    private static final int CONTINUATION_MASK = 0xC0;

    private static final int CONTINUATION = 0x80;

    /** Room for a usual line, made with the first: with many services, most have nothing to say. */
    private static final int USUAL = 256;

    private static final byte[] NO_ROOM = {};

    private byte[] pending = NO_ROOM;
    private int length;

    /** Takes a line: its text, and whether it goes on in the next. */
    @FunctionalInterface
    interface Sink {
        void line(String text, boolean cut);
    }

    void feed(byte[] bytes, int from, int to, Sink sink) {
        int at = from;
        while (at < to) {
            int end = Newlines.first(bytes, at, to);
            int stop = end < 0 ? to : end;
            while (at < stop) {
                int taken = Math.min(stop - at, LONGEST - length);
                makeRoom(length + taken);
                System.arraycopy(bytes, at, pending, length, taken);
                length += taken;
                at += taken;
                if (length == LONGEST && (at < stop || end < 0)) {
                    cut(sink);
                }
            }
            if (end >= 0) {
                emit(sink);
                at = end + 1;
            }
        }
    }

    /** Makes a line of what has no line end yet, if there is something. */
    void flush(Sink sink) {
        if (length > 0) {
            emit(sink);
        }
    }

    /** What has no line end yet. */
    byte[] rest() {
        return Arrays.copyOf(pending, length);
    }

    /** Goes on with the rest of another. */
    void goOn(byte[] rest) {
        length = Math.min(rest.length, LONGEST);
        makeRoom(length);
        System.arraycopy(rest, 0, pending, 0, length);
    }

    private void makeRoom(int needed) {
        if (needed > pending.length) {
            int more = Math.clamp(2L * pending.length, USUAL, LONGEST);
            pending = Arrays.copyOf(pending, Math.max(needed, more));
        }
    }

    private void emit(Sink sink) {
        int end = length > 0 && pending[length - 1] == '\r' ? length - 1 : length;
        sink.line(text(end), false);
        length = 0;
    }

    /** Never inside a character: its bytes wait for the next line. */
    private void cut(Sink sink) {
        int end = length;
        while (end > length - 3 && (pending[end - 1] & CONTINUATION_MASK) == CONTINUATION) {
            end--;
        }
        boolean lead = (pending[end - 1] & CONTINUATION_MASK) == CONTINUATION_MASK;
        boolean complete = !lead || length - end + 1 >= width(pending[end - 1]);
        int cutAt = complete ? length : end - 1;
        sink.line(text(cutAt), true);
        System.arraycopy(pending, cutAt, pending, 0, length - cutAt);
        length -= cutAt;
    }

    /** How many bytes a character has that begins so. */
    private static int width(byte lead) {
        return Math.max(1, Integer.numberOfLeadingZeros(~(lead << 24)));
    }

    private String text(int end) {
        return new String(Arrays.copyOf(pending, end), StandardCharsets.UTF_8);
    }
}
