package io.respawn.edges;

import io.respawn.supervise.Configured;
import java.util.List;

/** A configuration that says what a test wants; at first the same as is in force. */
public final class FakeConfiguration implements Configured {

    private volatile Reading reading = new Usable(Samples.healthy().plan(), List.of());

    public void says(Reading next) {
        reading = next;
    }

    @Override
    public Reading read() {
        return reading;
    }

    @Override
    public Reading last() {
        return reading;
    }
}
