package io.respawn.linux.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Lends native memory to a call, or to a few calls of one thread, and takes it back when it is closed. */
public final class Memory implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();

    /** Copies text as a C string; Linux paths and arguments are bytes, here always UTF-8. */
    MemorySegment string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Cannot pass a text with a NUL character to Linux: '"
                    + text.replace("\0", "\\0") + "'; remove the character");
        }
        return arena.allocateFrom(text);
    }

    /** Copies texts as a NULL-terminated array of C strings. */
    MemorySegment strings(List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, string(texts.get(i)));
        }
        return array;
    }

    MemorySegment allocate(MemoryLayout layout) {
        return arena.allocate(layout);
    }

    MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, 16);
    }

    @Override
    public void close() {
        arena.close();
    }
}
