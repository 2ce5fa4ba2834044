package io.respawn.supervise;

import java.time.Duration;

/**
 * How often this process has become a new image, or has not though it was to. It goes from image to image: for whoever
 * reads metrics, a process that only changed its program has not begun to count anew.
 *
 * @param succeeded new images
 * @param refused attempts after which the old image went on
 * @param blackouts of all new images together
 * @param longest blackout of one
 * @param last blackout
 */
public record RespawnCounts(long succeeded, long refused, Duration blackouts, Duration longest, Duration last) {

    /** Nothing yet. */
    public static final RespawnCounts DEFAULT = new RespawnCounts(0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** One more. */
    public RespawnCounts succeeded(Duration blackout) {
        return new RespawnCounts(
                succeeded + 1,
                refused,
                blackouts.plus(blackout),
                blackout.compareTo(longest) > 0 ? blackout : longest,
                blackout);
    }

    /** One more that did not come to be. */
    public RespawnCounts withRefused() {
        return new RespawnCounts(succeeded, refused + 1, blackouts, longest, last);
    }
}
