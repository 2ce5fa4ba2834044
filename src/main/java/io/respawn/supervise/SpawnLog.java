package io.respawn.supervise;

import io.respawn.core.Event.Noted;

/**
 * Port: the notes that the spawner makes right after a process exists, before anybody else can die; and right before, if
 * it was ordered, so that no order is carried out twice. Thread-safe.
 */
@FunctionalInterface
public interface SpawnLog {

    void note(Noted note);
}
