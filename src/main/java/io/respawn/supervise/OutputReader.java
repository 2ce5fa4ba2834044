package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.smallrye.mutiny.Multi;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Port: what services wrote. Any thread may call. */
public interface OutputReader {

    /** The last lines that are remembered, at most so many of all these instances together, the oldest first. */
    List<Line> last(Collection<InstanceId> instances, int count);

    /**
     * The same and then every line as it is read, until it is cancelled. Nothing is kept for a reader beyond what is
     * remembered anyway: one that is too slow gets {@link Missed} in place of what is gone by then. Items come on the
     * thread that reads: take them off it.
     */
    Multi<Entry> follow(Collection<InstanceId> instances, int count);

    /** Where a line was written. */
    enum Stream {
        STDOUT,
        STDERR;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a follower gets. */
    sealed interface Entry permits Line, Missed {}

    /**
     * A line.
     *
     * @param number counts the lines of the instance from 1
     * @param at when it was read
     * @param text as it was written, control characters included, without the line end; what is not UTF-8 is replaced
     * @param cut whether the line was too long, and goes on in the next one
     */
    record Line(InstanceId instance, long number, Instant at, Stream stream, String text, boolean cut)
            implements Entry {

        /** The text for a terminal: what would control the terminal, or reorder its characters, is spelled out. */
        public String printable() {
            return Printable.of(text);
        }
    }

    /** Lines that came and went while the follower was not looking. */
    record Missed(long lines) implements Entry {}
}
