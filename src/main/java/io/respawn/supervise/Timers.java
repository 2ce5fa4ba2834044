package io.respawn.supervise;

import io.respawn.core.TimerKey;
import java.time.Instant;

/** Port: deadlines that do not drift. Called on the loop. Answered by {@code TimerFired}. */
public interface Timers {

    /** Arms the timer, replacing an armed one with the same key; a deadline in the past fires at once. */
    void arm(TimerKey key, Instant deadline);

    void cancel(TimerKey key);
}
