package io.respawn.probe;

import io.respawn.linux.BootClock;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Says the first time at once, and then at most once in a while, with how often it happened. For one thread. */
final class Complaint {

    private final long pause;
    private long count;
    private long quietUntil = Long.MIN_VALUE;

    Complaint(Duration pause) {
        this.pause = pause.toNanos();
    }

    /** It happened again; {@code said} gets how often since the last time it was said. */
    void about(LongConsumer said) {
        count++;
        long now = BootClock.nanos();
        if (now >= quietUntil) {
            quietUntil = now + pause;
            said.accept(count);
            count = 0;
        }
    }
}
