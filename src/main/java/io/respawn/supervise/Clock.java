package io.respawn.supervise;

import io.respawn.core.Stamp;

/** Port: time that does not jump, and randomness. */
@FunctionalInterface
public interface Clock {

    Stamp stamp();
}
