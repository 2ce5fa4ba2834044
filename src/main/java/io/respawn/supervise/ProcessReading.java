package io.respawn.supervise;

import io.respawn.model.ProcessIdentity;
import java.time.Duration;

/**
 * The processor time of one process, as it was read.
 *
 * @param parent the number of its parent
 * @param own what it used itself
 * @param inherited what its children used that it has reaped, and theirs
 */
public record ProcessReading(ProcessIdentity process, int parent, Duration own, Duration inherited) {

    Duration all() {
        return own.plus(inherited);
    }
}
