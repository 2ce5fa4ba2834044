package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.model.ReadyLine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * Looks in the lines of one process for the one that says that it is up, and tells of it once. A pattern that takes too long
 * again and again is given up. For the reader's thread.
 */
final class LineWatch implements Watch {

    /** Some milliseconds at most. */
    private static final int STEPS = 1_000_000;

    private static final int PATIENCE = 10;

    private static final Logger LOG = System.getLogger(LineWatch.class.getName());

    private final InstanceId instance;
    private final BoundedSearch search;
    private final Consumer<String> found;
    private int exhausted;
    private boolean over;

    /** {@code found} gets the line. */
    LineWatch(InstanceId instance, ReadyLine line, Consumer<String> found) {
        this.instance = instance;
        this.search = new BoundedSearch(line.pattern(), STEPS);
        this.found = found;
    }

    @Override
    public void look(String line) {
        if (over) {
            return;
        }
        switch (search.in(line)) {
            case FOUND -> {
                over = true;
                found.accept(line);
            }
            case NOT_FOUND -> {}
            case GIVEN_UP -> giveUpSometime();
        }
    }

    private void giveUpSometime() {
        exhausted++;
        if (exhausted >= PATIENCE) {
            over = true;
            LOG.log(
                    Level.ERROR,
                    "Cannot look for the ready-line of {0} any more: the pattern ''{1}'' takes too long on what it"
                            + " prints; write a simpler one",
                    instance,
                    search);
        }
    }
}
