package io.respawn.process;

import org.jspecify.annotations.Nullable;

/** Looks at the lines of one process as they are read; it must be quick. On the reader's thread. */
@FunctionalInterface
interface Watch {

    void look(String line);

    /** This one, and another one after it if there is one. */
    default Watch and(@Nullable Watch other) {
        return other == null
                ? this
                : line -> {
                    look(line);
                    other.look(line);
                };
    }
}
