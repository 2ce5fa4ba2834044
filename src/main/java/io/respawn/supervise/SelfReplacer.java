package io.respawn.supervise;

import io.respawn.model.IntentId;

/** Port: loads the sidecar anew. Called on the loop's thread. */
public interface SelfReplacer {

    /** Begins, and returns at once. Answered by {@code RespawnRefused}, or by {@code Resumed} in the new image. */
    void respawn(IntentId intent);
}
