package io.respawn.process;

import org.jspecify.annotations.Nullable;

/**
 * A process whose lines come out of a pipe.
 *
 * @param incarnation which one of its instance; 0 when that is not known
 * @param watch what is looked for in its lines, if anything
 */
record Author(long incarnation, @Nullable LineWatch watch) {

    /** Nobody has written yet. */
    static final Author NOBODY = new Author(0, null);

    /** The same, of this incarnation if that is known. */
    Author orAs(long known) {
        return known == 0 ? this : new Author(known, watch);
    }
}
