package io.respawn.app;

import io.respawn.supervise.Statistics;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Counts and tells what went wrong in a part of the loop, which goes on. */
record LoopFailures(Statistics statistics) implements Consumer<Throwable> {

    private static final Logger LOG = Logger.getLogger(LoopFailures.class);

    @Override
    public void accept(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            // Said by other means, as there is no memory for it; what failed is done again.
            statistics.outOfMemory();
            return;
        }
        statistics.fault("loop");
        LOG.error("A part of the loop failed; the loop goes on", failure);
    }
}
