package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/** Makes a directory that only this user can enter, and refuses one that somebody else prepared. */
public final class PrivateDirectory {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private PrivateDirectory() {}

    /** Whether the directory can be used. */
    public sealed interface Outcome {

        /**
         * It can.
         *
         * @param directory the directory, mode 0700, ours
         */
        record Ready(Path directory) implements Outcome {}

        /**
         * It cannot.
         *
         * @param words why, and what would help
         */
        record Refused(String words) implements Outcome {}
    }

    /** Makes the directory and its missing parents with mode 0700, or checks what is there and narrows its mode. */
    public static Outcome prepare(Path directory) {
        try {
            create(directory);
            return check(directory);
        } catch (IOException failed) {
            return new Outcome.Refused("Cannot make the directory " + directory + ": " + failed
                    + "; choose another one or allow this user to write there");
        }
    }

    private static void create(Path directory) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    private static Outcome check(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return new Outcome.Refused("Cannot use " + directory
                    + ": it is a symbolic link or no directory; remove it or choose another one");
        }
        Map<String, Object> attributes = Files.readAttributes(directory, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        int self = Unistd.geteuid();
        if (!Integer.valueOf(self).equals(attributes.get("uid"))) {
            return new Outcome.Refused("Cannot use " + directory + ": it belongs to the user " + attributes.get("uid")
                    + ", not to " + self + "; remove it or choose another one");
        }
        // It is ours, so only its mode can be too wide, as that of a mounted volume often is.
        Files.setPosixFilePermissions(directory, OWNER_ONLY);
        if (Unistd.access(directory.toString(), Unistd.W_OK | Unistd.X_OK) < 0) {
            return new Outcome.Refused("Cannot write to " + directory + "; its file system may be read-only");
        }
        return new Outcome.Ready(directory);
    }
}
