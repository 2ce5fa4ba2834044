package io.respawn.probe;

import io.respawn.core.Event.ReadinessChanged;
import io.respawn.model.InstanceId;
import io.respawn.supervise.EventSink;
import org.jspecify.annotations.Nullable;

/**
 * The way of one incarnation's probe to the loop. Reports pass under a lock, so that none gets through once
 * {@link #close()} has returned. Thread-safe.
 */
final class Gate {

    private final InstanceId instance;
    private final long incarnation;
    private final EventSink events;
    private boolean closed;
    private @Nullable Runnable closing;

    Gate(InstanceId instance, long incarnation, EventSink events) {
        this.instance = instance;
        this.incarnation = incarnation;
        this.events = events;
    }

    InstanceId instance() {
        return instance;
    }

    synchronized void report(boolean ready, String detail) {
        if (!closed) {
            events.accept(new ReadinessChanged(instance, incarnation, ready, detail));
        }
    }

    /** Has this run when the gate closes; at once if it is closed already. */
    void onClose(Runnable action) {
        synchronized (this) {
            if (!closed) {
                closing = action;
                return;
            }
        }
        action.run();
    }

    void close() {
        Runnable action;
        synchronized (this) {
            closed = true;
            action = closing;
            closing = null;
        }
        if (action != null) {
            action.run();
        }
    }
}
