package io.respawn.schedule;

import java.time.Duration;

/** Draws a part of a duration by lot, always the same for the same words: another life has to come to the same time. */
final class Share {

    private static final long FNV_BASIS = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final int BITS = 53;

    private Share() {}

    /** From nothing up to all of it. */
    static Duration of(Duration whole, String words) {
        if (whole.isZero()) {
            return whole;
        }
        double share = (mixed(words) >>> (Long.SIZE - BITS)) / (double) (1L << BITS);
        return Duration.ofMillis((long) (whole.toMillis() * share));
    }

    private static long mixed(String words) {
        long hash = FNV_BASIS;
        for (int i = 0; i < words.length(); i++) {
            hash = (hash ^ words.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }
}
