package io.respawn.probe;

import io.respawn.model.Probe;
import io.vertx.core.Future;
import java.time.Duration;

/** One way to ask, over connections that are not kept. Used on the event loop of the probe. */
interface Attempt {

    /**
     * A question that was asked.
     *
     * @param answer completes on the same event loop, and never fails
     * @param drop closes the connection; the answer is of no use then
     */
    record Asked(Future<Answer> answer, Runnable drop) {
        void abandon() {
            drop.run();
        }
    }

    /** What is asked, for people. */
    String target();

    Asked ask();

    static Attempt of(Probe.Check check, Duration timeout, Clients clients) {
        return switch (check) {
            case Probe.HttpGet http -> new HttpAttempt(clients.http(), http, timeout);
            case Probe.TcpSocket tcp -> new TcpAttempt(clients.net(), tcp);
        };
    }
}
