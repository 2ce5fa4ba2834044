package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes the files by which the kernel is told something: in one call, and the answer is an error number. */
final class SmallFile {

    private SmallFile() {}

    /** Writes it; says why it could not. */
    static Optional<Errno> write(String file, String text) {
        int fd = Unistd.open(file, Unistd.O_WRONLY | Unistd.O_CLOEXEC, 0);
        if (fd < 0) {
            return Optional.of(Errno.of(fd));
        }
        try (var open = new Descriptor(file, fd)) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            long written = Unistd.write(open.fd(), bytes, 0, bytes.length);
            return written < 0 ? Optional.of(Errno.of(written)) : Optional.empty();
        }
    }
}
