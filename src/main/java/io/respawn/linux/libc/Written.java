package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Is a text that can be written to a descriptor without any memory, as it was laid down before. */
public final class Written {

    private static final MemorySegment WRITE = Downcall.symbol("write");

    private final MemorySegment bytes;

    /** Lays it down for as long as the program runs. */
    public Written(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes = Arena.global().allocate(encoded.length);
        MemorySegment.copy(encoded, 0, bytes, JAVA_BYTE, 0, encoded.length);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/write.2.html">write(2)</a>: one call, possibly short. */
    public long write(int fd) {
        return write(fd, bytes.byteSize());
    }

    /** Writes nothing, so that this thread has all that the next call needs. */
    public void rehearse(int fd) {
        write(fd, 0);
    }

    private long write(int fd, long length) {
        return Downcall.longs(WRITE, fd, bytes.address(), length, 0, 0, 0);
    }
}
