package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import java.util.Optional;

/** Port: the note that the spawner makes right after a process exists, before anybody else can die. Thread-safe. */
@FunctionalInterface
public interface SpawnLog {

    void spawned(InstanceId instance, long incarnation, Optional<IntentId> intent, ProcessIdentity process);
}
