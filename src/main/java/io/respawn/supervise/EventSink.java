package io.respawn.supervise;

import io.respawn.core.Event;

/** Where everybody else puts facts for the loop; any thread may call, nobody ever waits. */
@FunctionalInterface
public interface EventSink {

    void accept(Event event);
}
