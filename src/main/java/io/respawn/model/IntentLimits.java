package io.respawn.model;

import java.time.Duration;

/**
 * How many orders are kept.
 *
 * @param openCount that wait or are under way
 * @param openBytes of those, together
 * @param endedCount that are remembered after their end, so that their ids are recognised
 * @param endedAge how long they are
 */
public record IntentLimits(int openCount, long openBytes, int endedCount, Duration endedAge) {

    public static final IntentLimits DEFAULT = new IntentLimits(10_000, 8L << 20, 20_000, Duration.ofHours(24));

    private static final int MOST = 1_000_000;
    private static final long MOST_BYTES = 1L << 30;
    private static final long FEWEST_BYTES = 64L << 10;

    public IntentLimits {
        check("open-count", openCount);
        check("ended-count", endedCount);
        if (openBytes < FEWEST_BYTES || openBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "Cannot keep orders in " + openBytes + " bytes: 64KiB to 1GiB are allowed");
        }
        if (endedAge.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("Cannot remember orders for " + endedAge + ": at least 1s is expected");
        }
    }

    private static void check(String what, int value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException(
                    "Cannot use " + value + " as " + what + ": 1 to " + MOST + " are allowed");
        }
    }
}
