package io.respawn.process;

/** Finds ends of lines in bytes. */
final class Newlines {

    private Newlines() {}

    /** Where the first one is, or -1. */
    static int first(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Behind the last one, or {@code from} if there is none. */
    static int endOfLast(byte[] bytes, int from, int to) {
        for (int i = to; i > from; i--) {
            if (bytes[i - 1] == '\n') {
                return i;
            }
        }
        return from;
    }

    static long count(byte[] bytes, int from, int to) {
        long count = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                count++;
            }
        }
        return count;
    }
}
