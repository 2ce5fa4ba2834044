package io.respawn.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
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
                Files.deleteIfExists(file);
                try (FileChannel channel = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                    ByteBuffer rest = ByteBuffer.wrap(sealed);
                    while (rest.hasRemaining()) {
                        channel.write(rest);
                    }
                }
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
