package io.respawn.supervise;

import io.respawn.model.Plan;
import java.util.List;

/** What the configuration says now, which need not be what is in force. */
public interface Configured {

    /** What was read. */
    sealed interface Reading {}

    /**
     * It can be used.
     *
     * @param later the keys that changed and that only a respawn takes up
     */
    record Usable(Plan plan, List<String> later) implements Reading {
        public Usable {
            later = List.copyOf(later);
        }
    }

    /** It cannot be used, and all of this is wrong with it. */
    record Unusable(List<String> mistakes) implements Reading {
        public Unusable {
            mistakes = List.copyOf(mistakes);
        }
    }

    /** Reads all of it; may wait for a disk. */
    Reading read();

    /** The same, as it was read last if its file has not changed since. */
    Reading last();
}
