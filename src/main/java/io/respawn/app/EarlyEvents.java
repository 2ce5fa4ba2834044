package io.respawn.app;

import io.respawn.core.Event;
import io.respawn.supervise.EventSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps what happens before there is a loop to tell, such as a disk that is full at the start. Thread-safe. */
final class EarlyEvents implements EventSink {

    private final List<Event> kept = new ArrayList<>();
    private Optional<EventSink> sink = Optional.empty();

    @Override
    public synchronized void accept(Event event) {
        sink.ifPresentOrElse(open -> open.accept(event), () -> kept.add(event));
    }

    /** Hands over everything kept, in order, and from now on whatever comes. */
    synchronized void handTo(EventSink open) {
        kept.forEach(open::accept);
        kept.clear();
        sink = Optional.of(open);
    }
}
