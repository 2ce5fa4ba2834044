package io.respawn.schedule;

import io.respawn.model.RespawnTriggers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether the heap has been so full for so long that a new image is due. It asks once, and again only after the time
 * that has to lie between two: a program that fills its heap at once would be loaded over and over else.
 */
final class HeapPressure {

    private final int percent;
    private final Duration time;
    private final Duration apart;
    private Optional<Instant> since = Optional.empty();
    private Optional<Instant> asked = Optional.empty();

    HeapPressure(int percent, RespawnTriggers triggers) {
        this.percent = percent;
        this.time = triggers.heapTime();
        this.apart = triggers.apart();
    }

    /**
     * Takes a look into account; says whether a new image is due now, and goes on saying so until one was asked for.
     *
     * @param last when the sidecar was ordered to respawn last, by anybody and whatever came of it
     */
    boolean isDue(Instant now, int used, Optional<Instant> last) {
        if (used < percent) {
            since = Optional.empty();
            return false;
        }
        Instant begun = since.orElse(now);
        since = Optional.of(begun);
        boolean sustained = !begun.plus(time).isAfter(now);
        return sustained && !isRecent(last, now) && !isRecent(asked, now);
    }

    /** A new image was asked for. */
    void asked(Instant now) {
        asked = Optional.of(now);
    }

    private boolean isRecent(Optional<Instant> before, Instant now) {
        return before.filter(at -> at.plus(apart).isAfter(now)).isPresent();
    }
}
