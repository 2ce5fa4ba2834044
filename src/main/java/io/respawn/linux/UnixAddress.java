package io.respawn.linux;

import io.respawn.linux.libc.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The address of a socket within the machine, spelled as in {@code NOTIFY_SOCKET}: an absolute path, or an abstract name
 * after an {@code @}, which has no file and is known in its network namespace alone.
 */
public record UnixAddress(String name) {

    /** The closing NUL counts too. */
    private static final int LONGEST = Socket.SUN_PATH - 1;

    public UnixAddress {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        boolean known = name.length() > 1 && (name.startsWith("/") || name.startsWith("@"));
        if (!known || length > LONGEST || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "Cannot use '" + name.replace("\0", "\\0") + "' as the address of a socket:"
                            + " an absolute path or '@' and a name is expected, of at most " + LONGEST + " bytes");
        }
    }

    /** Whether a path is short enough to be an address. */
    public static boolean fits(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    boolean isAbstract() {
        return name.startsWith("@");
    }

    byte[] bytes() {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (isAbstract()) {
            bytes[0] = 0;
        }
        return bytes;
    }

    @Override
    public String toString() {
        return name;
    }
}
