package io.respawn.edges;

import io.respawn.core.Event;
import io.respawn.supervise.EventSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what the edges tell the loop. */
public final class EventNotes implements EventSink {

    private final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public void accept(Event event) {
        events.add(event);
    }

    /** All of one kind, in the order in which they came. */
    public <E extends Event> List<E> all(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
