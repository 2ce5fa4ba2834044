package io.respawn.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The second copy of a capsule, in the state directory, for as long as nobody has opened the first. */
final class CapsuleFile {

    private static final Logger LOG = Logger.getLogger(CapsuleFile.class);

    private final Optional<Path> path;

    CapsuleFile(Optional<Path> stateDirectory) {
        this.path = stateDirectory.map(directory -> directory.resolve("capsule"));
    }

    Optional<Path> path() {
        return path;
    }

    /** Without it one copy has to do. */
    void write(byte[] sealed) {
        path.ifPresent(file -> {
            try {
                SecretFile.write(file, sealed);
            } catch (IOException failed) {
                LOG.warnf("Cannot write %s: %s; the capsule is handed over in memory alone", file, failed);
            }
        });
    }

    /** Nobody needs it any more; it holds what is secret in the configuration. Says whether there was one. */
    boolean remove() {
        return path.filter(CapsuleFile::removed).isPresent();
    }

    private static boolean removed(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException failed) {
            LOG.warnf("Cannot remove %s: %s; remove it by hand", file, failed);
            return false;
        }
    }
}
