package io.respawn.probe;

import io.vertx.core.Future;

/** One way to ask; nothing of it is left behind, no connection and no process. Used on the event loop of the probe. */
interface Attempt {

    /**
     * A question that was asked.
     *
     * @param answer completes on the same event loop, and never fails
     * @param drop closes the connection or ends the process; the answer is of no use then
     */
    record Asked(Future<Answer> answer, Runnable drop) {
        void abandon() {
            drop.run();
        }
    }

    /** What is asked, for people. */
    String target();

    Asked ask();
}
