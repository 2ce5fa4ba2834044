package io.respawn.journal;

import io.respawn.linux.FileLock;
import io.respawn.model.SidecarId;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a sidecar keeps what must outlive it, for it alone: mode 0700, ours, no symbolic link, locked. */
public sealed interface StateDirectory {

    /** It can be used; the lock is held as long as the descriptor is open, over {@code execve} if that is kept. */
    record Usable(Path path, FileLock.Lock lock) implements StateDirectory {}

    /** Another sidecar uses it: this one must not start. */
    record Held(Path path, String reason) implements StateDirectory {}

    /** There is none: everything is kept in memory only, and the reason is shown. */
    record Unusable(String reason) implements StateDirectory {}

    /**
     * Finds, makes and locks the directory.
     *
     * @param configured {@code respawn.state-directory}; a volume that belongs to somebody else gets a directory of
     *     ours within
     */
    static StateDirectory open(Optional<Path> configured, SidecarId id, Map<String, String> environment) {
        return StateDirectories.open(StateDirectories.candidates(configured, id, environment));
    }

    /** Takes over the lock of the image before ours, whose descriptor was kept over {@code execve}. */
    static StateDirectory inherit(Path path, int fd) {
        return StateDirectories.locked(path, file -> FileLock.inherited(fd, file));
    }
}
