package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the eight-byte counters that eventfds and timerfds have. */
final class Counter {

    private Counter() {}

    static long read(int fd, String kind) {
        byte[] buffer = new byte[Long.BYTES];
        long read = Unistd.read(fd, buffer);
        if (Errno.EAGAIN.is(read)) {
            return 0;
        }
        if (read < 0) {
            throw new LinuxException("read", Errno.of(read), "read the " + kind + " " + fd);
        }
        return ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder()).getLong();
    }
}
